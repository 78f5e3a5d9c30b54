package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Open vSwitch has VLANs, too. It runs in a namespace with a folder of its own, its
// datapath in a process (netdev) and not in the kernel. Our switch does with each
// frame what that one does, but for two kinds, which are kept out: of tagged frames
// under 20 bytes it takes some for untagged and loses others, and the drop-eligible
// bit of a tag it does not pass on.
func TestOpenVSwitch(t *testing.T) {
	inNamespace(t, testOpenVSwitch, "ip", "ovs-vsctl", "ovs-appctl", "ovsdb-tool", "ovsdb-server", "ovs-vswitchd")
}

func testOpenVSwitch(t *testing.T, program string) {
	theirs, err := newOpenVSwitch(t, "tag=10", "tag=10", "tag=20",
		"vlan_mode=trunk trunks=10,20", "vlan_mode=native-untagged tag=10 trunks=10,20")
	if err != nil {
		fmt.Println(err)
		theirs.stop()
		os.Exit(cannotSetUp)
	}
	defer theirs.stop()
	ours := start(t, program, len(theirs.taps),
		"-access", "p0=10", "-access", "p1=10", "-access", "p2=20", "-trunk", "p3=10,20", "-trunk", "p4=20,native=10")
	ports := []port{
		{untagged: 10}, {untagged: 10}, {untagged: 20},
		{trunk: true, tagged: map[int]bool{10: true, 20: true}}, {trunk: true, untagged: 10, tagged: map[int]bool{20: true}},
	}
	compare(t, ours, theirs, ports, &generator{Rand: rand.New(rand.NewPCG(5, 6)), ports: ports, tags: true, plain: true})
}

// An openVSwitch is a bridge of its, with TAPs as a kernel's.
type openVSwitch struct {
	bridge
	dir     string
	daemons []*exec.Cmd
}

// newOpenVSwitch makes a bridge with a port for each of these settings.
func newOpenVSwitch(t *testing.T, ports ...string) (*openVSwitch, error) {
	o := &openVSwitch{bridge: bridge{t: t, buf: make([]byte, 1<<16)}, dir: t.TempDir()}
	var err error
	if o.taps, err = newTAPs(t, len(ports)); err != nil {
		return o, err
	}
	// A decision that is remembered is corrected a while after a station has moved: each
	// frame is decided anew.
	set := "-- set Open_vSwitch . other_config:flow-limit=0 -- add-br br0 -- set bridge br0 datapath_type=netdev"
	for i, settings := range ports {
		set += fmt.Sprintf(" -- add-port br0 p%[1]d %[2]s -- set interface p%[1]d ofport_request=%[3]d", i, settings, i+1)
	}
	for _, step := range []struct {
		do      func(command string) error
		command string
	}{
		{o.run, "ovsdb-tool create DIR/conf.db /usr/share/openvswitch/vswitch.ovsschema"},
		{o.start, "ovsdb-server DIR/conf.db --remote=punix:DIR/db.sock --unixctl=DIR/db.ctl"},
		{o.run, "ovs-vsctl --db=unix:DIR/db.sock --retry --timeout=30 --no-wait init"},
		{o.start, "ovs-vswitchd unix:DIR/db.sock --unixctl=DIR/switch.ctl"},
		{o.run, "ovs-vsctl --db=unix:DIR/db.sock --timeout=30 " + set},
	} {
		if err := step.do(step.command); err != nil {
			return o, err
		}
	}
	return o, nil
}

// command is one in which DIR is the folder.
func (o *openVSwitch) command(text string) *exec.Cmd {
	words := strings.Fields(strings.ReplaceAll(text, "DIR", o.dir))
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = os.Environ()
	for _, name := range []string{"RUNDIR", "LOGDIR", "DBDIR", "SYSCONFDIR"} {
		cmd.Env = append(cmd.Env, "OVS_"+name+"="+o.dir)
	}
	return cmd
}

func (o *openVSwitch) run(command string) error {
	if out, err := o.command(command).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", command, err, out)
	}
	return nil
}

// start starts a program that goes on until stop.
func (o *openVSwitch) start(command string) error {
	cmd := o.command(command)
	if err := cmd.Start(); err != nil {
		return err
	}
	o.daemons = append(o.daemons, cmd)
	return nil
}

func (o *openVSwitch) stop() {
	for _, cmd := range o.daemons {
		cmd.Process.Kill()
		cmd.Wait()
	}
}

// macs reads lines "PORT VLAN MAC AGE" below a head.
func (o *openVSwitch) macs() (lines []string) {
	o.t.Helper()
	out, err := o.command("ovs-appctl -t DIR/switch.ctl fdb/show br0").Output()
	if err != nil {
		o.t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n")[1:] {
		var number, vlan, age int
		var address string
		if _, err := fmt.Sscan(line, &number, &vlan, &address, &age); err != nil {
			o.t.Fatalf("%q: %v", line, err)
		}
		lines = append(lines, fmt.Sprintf("%d  %s  p%d", vlan, strings.ReplaceAll(address, ":", "-"), number-1))
	}
	slices.Sort(lines)
	return lines
}
