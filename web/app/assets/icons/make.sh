#!/bin/sh
# Makes the icons of the installed page from mark.svg, with Chromium: `sh web/app/assets/icons/make.sh`. They are committed, since the build needs no browser.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
# NAME SIZE SCALE BACKGROUND: a maskable icon fills its square, and keeps what matters within four fifths (W3C, Web App Manifest, "Icon masks").
draw() {
    printf '<body style="margin:0;background:%s"><img src="file://%s/../mark.svg" style="position:absolute;left:0;top:0;width:%dpx;height:%dpx;transform:scale(%s)">' \
        "$4" "$PWD" "$2" "$2" "$3" > "$work/icon.html"
    chromium --headless --no-sandbox --user-data-dir="$work/profile" --hide-scrollbars --default-background-color=00000000 \
        --window-size="$2,$2" --screenshot="$PWD/$1.png" "file://$work/icon.html" 2> /dev/null
}
draw mark-192 192 1 transparent
draw mark-512 512 1 transparent
draw maskable-512 512 0.8 '#3150c8'
