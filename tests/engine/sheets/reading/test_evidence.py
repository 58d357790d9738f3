from thucchat.engine.sheets.reading.evidence import PIXELS_PER_MM, crop, overlay, upright
from thucchat.engine.sheets.reading.images import capture_bytes, decode
from thucchat.engine.sheets.reading.page import measure_page, settle


def test_pictures_show_the_page_upright_and_the_question_alone(form, scans):
    image = decode(capture_bytes(scans[0].name, scans[0].image))
    measured = measure_page(image, form)
    page = upright(image, form, measured)
    assert page.shape == (297 * PIXELS_PER_MM, 210 * PIXELS_PER_MM, 3)
    drawn = overlay(image, form, measured, settle(form, measured))
    coloured = (drawn.max(axis=2).astype(int) - drawn.min(axis=2)) > 60
    assert coloured.any()
    part = crop(page, form, ["I.7"])
    assert part.shape[0] < 20 * PIXELS_PER_MM
    assert part.shape[1] < 40 * PIXELS_PER_MM
