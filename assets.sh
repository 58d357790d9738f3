#!/bin/sh
# Fetches the locked style sheets and fonts, and copies the few files that the pages use into build/assets.
# Without a system npm, the one of the PyPI wheel is used.
set -eu
bin=.venv/bin
if ! command -v npm >/dev/null 2>&1; then
    $bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock
    PATH="$PWD/$bin:$PATH"
fi
npm ci --ignore-scripts --no-progress --loglevel=error

out=build/assets
rm -rf $out
mkdir -p $out/vendor $out/fonts
modules=node_modules
cp $modules/@tabler/core/dist/css/tabler.min.css $modules/@tabler/core/dist/js/tabler.min.js $out/vendor/
sed -i '/sourceMappingURL/d' $out/vendor/tabler.min.css $out/vendor/tabler.min.js
for part in latin latin-ext vietnamese; do
    cp $modules/@fontsource-variable/inter/files/inter-$part-wght-normal.woff2 $out/fonts/
done
for face in 400Regular 400Regular_Italic 700Bold 700Bold_Italic; do
    cp $modules/@expo-google-fonts/tinos/$face/*.ttf $out/fonts/
done
