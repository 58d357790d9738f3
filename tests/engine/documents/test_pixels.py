from thucchat.engine.documents.charts import histogram
from thucchat.engine.documents.pixels import png


def test_the_same_drawing_becomes_pixels(report):
    assert png(histogram(report.subjects[0])).startswith(b"\x89PNG")
