#!/bin/sh
# Says what the greeting file says, from inside a guest.
set -eu
echo "$(hostname) reads: $(cat "$1")"
