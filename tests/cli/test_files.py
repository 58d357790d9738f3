import pytest

from thucchat.cli.files import read_frame
from thucchat.engine.errors import InvalidInput


@pytest.mark.parametrize(
    ("name", "content", "code", "sentence"),
    [
        ("a.csv", b'"c1","c2"\n"x",0,1\n"y",1,1\n', "ragged", "dòng 2: có 3 ô trong khi tiêu đề có 2"),
        ("a.csv", b'c1,c2\n0,1\n"0,1\n', "unreadable", "không đúng dạng CSV"),
        ("a.xlsx", b"c1,c2\n0,1\n", "unreadable", "không đúng dạng XLSX"),
        ("a.parquet", b"c1,c2\n0,1\n", "unreadable", "Hãy mở tệp rồi lưu lại thành XLSX hoặc CSV UTF-8"),
        ("a.csv", b"", "empty", "không có dòng nào"),
    ],
)
def test_files_that_cannot_be_read_say_why_in_vietnamese(tmp_path, name, content, code, sentence):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(InvalidInput, match=sentence) as refusal:
        read_frame(tmp_path / name)
    assert refusal.value.code == f"file.{code}"
