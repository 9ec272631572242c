#!/bin/sh
# usage: router.sh ADDRESS OTHER…
# Runs BIRD with an address of its own, and says so once it reaches the others.
ip address add "$1/32" dev lo
shift
mkdir -p /run/bird
bird -f -c /etc/bird.conf &
for other; do
  until ping -q -c 1 -W 1 "$other" >/dev/null 2>&1; do sleep 0.2; done
done
echo "reaches $*"
wait $!
