#!/bin/sh
touch /tmp/wirebook-was-here
exec "$@"
