package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"wirebook/harness/devicetest"
	"wirebook/harness/kerneltest"
)

// TestKernels lends addresses to clients that we have not written, and borrows one
// from such a server.
func TestKernels(t *testing.T) {
	kerneltest.BeHost()
	program := devicetest.Build(t, ".")
	dir := t.TempDir()
	// What a client does with an address: here it is only printed.
	udhcpcScript := filepath.Join(dir, "udhcpc.sh")
	dhclientScript := filepath.Join(dir, "dhclient.sh")
	for file, text := range map[string]string{
		udhcpcScript:   "#!/bin/sh\n[ \"$1\" = bound ] && echo got $ip mask $subnet router $router dns $dns lease $lease by $serverid; exit 0\n",
		dhclientScript: "#!/bin/sh\n[ \"$reason\" = BOUND ] && echo got $new_ip_address mask $new_subnet_mask router $new_routers dns $new_domain_name_servers lease $new_dhcp_lease_time by $new_dhcp_server_identifier; exit 0\n",
	} {
		if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ name, tool, command string }{
		{"udhcpc", "udhcpc", "udhcpc -i wire0 -n -q -f -t 5 -s " + udhcpcScript + " 2>&1"},
		{"dhclient", "dhclient", "dhclient -4 -1 -d -sf " + dhclientScript + " -lf " + dir + "/leases -pf " + dir + "/pid -cf /dev/null wire0 2>&1 & p=$!; " +
			"while ! grep -q lease " + dir + "/leases 2>/dev/null && kill -0 $p 2>/dev/null; do sleep 0.1; done; kill $p; wait; cat " + dir + "/leases"},
	} {
		t.Run("lent to "+c.name, func(t *testing.T) {
			if _, err := exec.LookPath(c.tool); err != nil {
				t.Skip(err)
			}
			end := kerneltest.NewCable(t)
			server := devicetest.Start(t, program, devicetest.Options{Ends: []*net.UDPConn{end}}, "server", "-realtime", "-ip", "10.0.0.1/24", "-mac", "02-00-0a-00-00-01",
				"-pool", "10.0.0.100-10.0.0.199", "-router", "10.0.0.254", "-dns", "10.0.0.53")
			h := kerneltest.Start(t, end, server.Addr(0))
			out, _ := h.Do(t, c.command)
			if !strings.Contains(out, "got 10.0.0.100 mask 255.255.255.0 router 10.0.0.254 dns 10.0.0.53 lease 3600 by 10.0.0.1") {
				t.Errorf("%s printed\n%s", c.name, out)
			}
			server.Type("leases")
			if line := server.Line(); !regexp.MustCompile(`^10\.0\.0\.100  [0-9a-f-]{17}  leased  36?[0-9]{2,3}s$`).MatchString(line) {
				t.Errorf("leases printed %q", line)
			}
		})
	}
	t.Run("borrowed from dnsmasq", func(t *testing.T) {
		if _, err := exec.LookPath("dnsmasq"); err != nil {
			t.Skip(err)
		}
		end := kerneltest.NewCable(t)
		client := devicetest.Start(t, program, devicetest.Options{Ends: []*net.UDPConn{end}}, "client", "-realtime", "-mac", "02-00-0a-00-00-02")
		h := kerneltest.Start(t, end, client.Addr(0))
		// -d: it changes neither user nor group, which is not allowed here.
		pid, ok := h.Do(t, "ip addr add 10.0.0.1/24 dev wire0 && { dnsmasq -d --conf-file=/dev/null --port=0 --interface=wire0 --bind-interfaces"+
			" --dhcp-range=10.0.0.50,10.0.0.60,10m --dhcp-authoritative --no-ping --dhcp-leasefile="+dir+"/dnsmasq >"+dir+"/log 2>&1 </dev/null & echo $!; }")
		if !ok {
			t.Fatal(pid)
		}
		defer h.Do(t, "kill "+pid)
		bound := regexp.MustCompile(`^bound (10\.0\.0\.[56][0-9])/24 router 10\.0\.0\.1 dns - lease 600s$`).FindStringSubmatch(client.Line())
		if bound == nil {
			t.Fatal("the client is not bound")
		}
		if out, ok := h.Do(t, "ip neigh flush all; ping -c 1 -W 1 "+bound[1]+" >/dev/null; ip neigh"); !ok || !strings.Contains(out, bound[1]+" dev wire0 lladdr 02:00:0a:00:00:02") {
			t.Errorf("the kernel did not find it by ARP: %s", out)
		}
		client.Type("renew")
		if line := client.Line(); !strings.HasPrefix(line, "bound "+bound[1]+"/24 ") {
			t.Errorf("renewed: %q", line)
		}
		client.Type("release")
		if line := client.Line(); line != "released "+bound[1] {
			t.Errorf("released: %q", line)
		}
	})
}
