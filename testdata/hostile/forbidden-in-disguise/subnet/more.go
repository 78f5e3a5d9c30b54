package main

import _ `net/netip`
