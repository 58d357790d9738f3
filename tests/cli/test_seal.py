import pytest

from thucchat.cli.main import main


@pytest.fixture
def keys(tmp_path, capsys):
    """Three keepers: file of the secret key, public key."""
    made = []
    for number in range(3):
        path = tmp_path / f"khoa-{number}"
        assert main(["seal", "key", str(path)]) == 0
        made.append((path, capsys.readouterr().out.strip()))
    return made


def close(tmp_path, keys, needed="2"):
    paper = tmp_path / "de.docx"
    paper.write_bytes(b"de thi")
    keepers = [word for n, (_, public) in enumerate(keys) for word in ("--keeper", f"Người {n}={public}")]
    out = tmp_path / "de.niem"
    return out, main(
        ["seal", "close", str(paper), *keepers, "--needed", needed, "--label", "KS", "--out", str(out)]
    )


def test_two_of_three_open_and_one_does_not(tmp_path, keys, capsys):
    out, code = close(tmp_path, keys)
    assert code == 0
    opened = tmp_path / "mo.docx"
    chosen = [word for path, _ in keys[1:] for word in ("--key", str(path))]

    assert main(["seal", "open", str(out), *chosen[:2], "--out", str(opened)]) == 2
    assert not opened.exists()
    assert "mới có 1" in capsys.readouterr().err
    assert main(["seal", "open", str(out), *chosen, "--out", str(opened)]) == 0
    assert opened.read_bytes() == b"de thi"
    assert "Người 1, Người 2" in capsys.readouterr().out


def test_a_key_is_private_and_never_overwritten(keys, capsys):
    path = keys[0][0]
    before = path.read_text()

    assert path.stat().st_mode & 0o777 == 0o600
    assert main(["seal", "key", str(path)]) == 2
    assert path.read_text() == before
    assert "không ghi đè khoá" in capsys.readouterr().err


@pytest.mark.parametrize("keeper", ["age1x", "Lan=", "=age1x"])
def test_a_keeper_without_name_or_key_is_refused(tmp_path, keeper, capsys):
    paper = tmp_path / "x"
    paper.write_bytes(b"x")

    code = main(
        [
            "seal",
            "close",
            str(paper),
            "--keeper",
            keeper,
            "--needed",
            "1",
            "--label",
            "x",
            "--out",
            str(paper),
        ]
    )

    assert code == 2
    assert "Lỗi" in capsys.readouterr().err
    assert paper.read_bytes() == b"x"
