"""Twelve common items of two 3PL calibrations.

Source: Kolen and Brennan (2004), Test Equating, Scaling, and Linking, 2nd ed., chapter 6, for the items,
whose slopes still want the factor 1.7; constants as the program STUIRT (Kim and Kolen 2004) prints them for
its first example. Its criteria of curves use abilities and weights of their own, hence the tolerance.
"""

import json

import pytest

from thucchat.cli.main import main

NEW = """
    .4551 -.7101 .2087  .5839 -.8567 .2038  .7544  .0212 .1600  .6633  .0506 .1240  1.0690  .9610 .2986
    .9672  .1950 .0535  .3479 2.2768 .1489 1.4579 1.0241 .2453 1.8811 1.4062 .1992   .7020 2.2401 .0853
   1.4080 1.5556 .0789 1.2993 2.1589 .1075
"""
OLD = """
    .4416 -1.3349 .1559  .5730 -1.3210 .1913  .5987 -.7098 .1177  .6041 -.3539 .0818  .9902  .5320 .3024
    .8081  -.1156 .0648  .4140  2.5538 .2410 1.3554  .5811 .2243 1.0417  .9392 .1651  .6336 1.8960 .0794
   1.1347  1.0790 .0630  .9255  2.1337 .1259
"""


@pytest.fixture
def files(tmp_path):
    paths = []
    for name, text in (("new", NEW), ("old", OLD)):
        numbers = [float(part) for part in text.split()]
        rows = [
            {"item": f"i{place}", "a": a, "b": b, "c": c}
            for place, (a, b, c) in enumerate(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))
        ]
        paths.append(tmp_path / f"{name}.json")
        paths[-1].write_text(json.dumps(rows))
    return ["--from", str(paths[0]), "--to", str(paths[1])]


@pytest.mark.parametrize(
    ("method", "constants", "tolerance"),
    [
        ("mean-sigma", (1.168891, -0.515543), 1e-6),
        ("mean-mean", (1.217266, -0.557156), 1e-6),
        ("haebara", (1.067800, -0.471281), 0.003),
        ("stocking-lord", (1.083417, -0.487619), 0.003),
    ],
)
def test_constants_are_the_printed_ones(files, capsys, method, constants, tolerance):
    words = ["link", *files, "--method", method, "--scaling", "1.7", "--keep-drifted", "--json"]

    assert main([*words, "--symmetric", "--nodes", "10"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert (found["A"], found["B"]) == pytest.approx(constants, abs=tolerance)
