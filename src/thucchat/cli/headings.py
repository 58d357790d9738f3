"""Names that columns of tables of responses go by, without accents, in lower case."""

PERSON_NAMES = {
    *("id", "sbd", "person", "person id", "personid", "pupil", "student", "student id", "candidate"),
    *("examinee", "subject id", "so bao danh", "ma hoc sinh", "ma hs", "ma_hs", "ho ten", "ho va ten"),
    "name",
}
ROW_NAMES = {"stt", "tt", "unnamed: 0", "rownames", "cot 1", "row", "index", "case"}
OTHER_NAMES = {
    *("total", "sum", "score", "tong", "tong diem", "diem", "group", "nhom", "class", "lop", "school"),
    *("truong", "sex", "gender", "gioi tinh", "age", "tuoi", "grade", "khoi", "district", "huyen", "form"),
    *("ma de", "dan toc", "weight", "ngay sinh", "trong so", "education", "study", "semester", "hoc ky"),
    *("hoc ki", "year", "nam", "nam hoc", "attempt", "attempts", "lan thi", "tests", "trial", "trials"),
    *("raw", "raw score", "rawscore", "nsolved", "diem tho", "so cau dung", "percent", "phan tram"),
}
COUNT_NAMES = {"freq", "frequency", "count", "counts", "n", "so thi sinh", "tan so"}
ITEM_NAMES = {"item", "cau", "cau hoi", "question", "item id"}
KEY_NAMES = ("key", "dap an", "answer", "correct")
SCORE_NAMES = {"score", "response", "resp", "diem", "value", "tra loi", "answer"}
