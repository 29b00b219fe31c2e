#!/bin/sh
# Starts a program that was unpacked beside this script instead of installed.
root=$(cd "$(dirname "$0")" && pwd)
for folder in "$root"/usr/lib/*-linux-gnu* "$root"/lib/*-linux-gnu* "$root"/usr/lib/*/pulseaudio; do
    [ -d "$folder" ] && LD_LIBRARY_PATH=$LD_LIBRARY_PATH${LD_LIBRARY_PATH:+:}$folder
done
export LD_LIBRARY_PATH
