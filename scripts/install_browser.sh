#!/bin/sh
# Chromium for the tests of the labelling page. Where it cannot be installed the tests say so (and fail under CI).
set -u
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if ! command -v apt-get >/dev/null 2>&1; then
    echo "No Chromium and no apt-get: the tests of the labelling page will be skipped." >&2
    exit 0
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "Chromium is not installed and this user may not install it: the tests of the labelling page will be skipped." >&2
        echo "To have them: sudo apt-get install chromium" >&2
        exit 0
    fi
    as_root="sudo -n"
fi
echo "Installing Chromium for the tests of the labelling page …" >&2
{ $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } >/dev/null \
    || echo "Chromium could not be installed: the tests of the labelling page will be skipped." >&2
exit 0
