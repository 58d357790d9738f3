import pickle

from thucchat.engine.errors import InvalidInput


def test_an_error_comes_back_whole_from_another_process():
    sent = InvalidInput("mark.scale", "Điểm 11 nằm ngoài thang 0-10.", mark=11)

    error = pickle.loads(pickle.dumps(sent))

    assert (type(error), error.code, str(error)) == (
        InvalidInput,
        "mark.scale",
        "Điểm 11 nằm ngoài thang 0-10.",
    )
    assert error.facts == {"mark": 11}
