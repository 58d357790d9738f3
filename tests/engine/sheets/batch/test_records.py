from thucchat.engine.sheets.batch.records import PageRecord, parse_record
from thucchat.engine.sheets.reading.images import capture_bytes, decode
from thucchat.engine.sheets.reading.page import measure_page, settle


def test_a_page_comes_back_from_its_line_and_is_decided_alike(form, scans):
    for case in scans[:3]:
        image = decode(capture_bytes(case.name, case.image))
        measured = measure_page(image, form)
        record = PageRecord("a.jpg", "0" * 64, 1, 1, image.shape, "", "", measured)
        again = parse_record(record.line())
        assert again.line() == record.line()
        before, after = settle(form, measured), settle(form, again.measured)
        assert [one.text for one in before.answers] == [one.text for one in after.answers]
        assert (before.candidate, before.code, before.flags) == (after.candidate, after.code, after.flags)
