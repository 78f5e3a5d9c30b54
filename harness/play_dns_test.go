package harness_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"testing"

	"wirebook/harness"
)

// Programs that forward DNS questions.
var dnsDemos = demos{
	// forwards hands each question to the server that its first argument names, and
	// the answer back. Its other arguments spoil it.
	"forwards": func(args []string) {
		f := forwarder{server: args[0], spoiled: args[1:]}
		udp, tcp := listenBoth()
		fmt.Printf("listening on %v\n", udp.LocalAddr())
		go func() {
			for {
				c := must(tcp.Accept())
				go func() {
					for {
						q, err := readFrame(c)
						if err != nil {
							c.Close()
							return
						}
						writeFrame(c, f.ask(q, true))
					}
				}()
			}
		}()
		for n := 0; ; n++ {
			buf := make([]byte, 2000)
			size, from, err := udp.ReadFromUDPAddrPort(buf)
			if err != nil {
				panic(err)
			}
			go func() {
				reply := f.ask(buf[:size], false)
				if f.is("elsewhere") {
					udp = must(net.ListenUDP("udp", nil))
				}
				udp.WriteToUDPAddrPort(reply, from)
			}()
		}
	},
}

// listenBoth binds UDP and TCP at one port that is free for both.
func listenBoth() (*net.UDPConn, net.Listener) {
	for {
		udp := must(net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}))
		tcp, err := net.Listen("tcp", udp.LocalAddr().String())
		if err == nil {
			return udp, tcp
		}
		udp.Close()
	}
}

type forwarder struct {
	server  string
	spoiled []string
	id      uint16
	socket  net.Conn
}

func (f *forwarder) is(how string) bool { return slices.Contains(f.spoiled, how) }

// ask asks the server a question with an id of its own, and returns the answer.
func (f *forwarder) ask(q []byte, byTCP bool) []byte {
	network, id := "udp", uint16(rand.Uint32())
	if byTCP {
		network = "tcp"
	}
	switch {
	case f.is("sameid"):
		id = binary.BigEndian.Uint16(q)
	case f.is("nextid"):
		f.id++
		id = f.id
	case f.is("even"):
		id &^= 1
	case f.is("seeded"):
		id = uint16(rand.New(rand.NewPCG(uint64(q[14]), uint64(q[15]))).Uint32())
	}
	if f.is("silent") {
		select {}
	}
	c := f.socket
	if c == nil {
		c = must(net.Dial(network, f.server))
	}
	if f.is("onesocket") {
		f.socket = c
	}
	out := slices.Clone(q)
	binary.BigEndian.PutUint16(out, id)
	var reply []byte
	if byTCP {
		writeFrame(c, out)
		reply, _ = readFrame(c)
	} else {
		c.Write(out)
		buf := make([]byte, 2000)
		n, _ := c.Read(buf)
		reply = buf[:n]
	}
	if len(reply) < 12 {
		return nil
	}
	copy(reply, q[:2])
	reply[3] |= 0x80
	return reply
}

func readFrame(c net.Conn) ([]byte, error) {
	var size [2]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		return nil, err
	}
	b := make([]byte, binary.BigEndian.Uint16(size[:]))
	_, err := io.ReadFull(c, b)
	return b, err
}

func writeFrame(c net.Conn, b []byte) {
	c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...))
}

// forwarded is a script with a program between a client and a name server.
func forwarded(how, script string) string {
	return "nameserver isp\nstart -as res forwards $isp " + how + " 127.0.0.1:0\nsocket ann\n" + script
}

const (
	askA  = "dns ann send question -to $res qd='www.test A'\n"
	seesA = "dns isp expect question qd='www.test A'\n"
	asks  = askA + seesA
	many  = "dns ann send question -to $res qd='h%d.test A' -times 32\ndns isp expect question qd='h%d.test A' -times 32\n"
	zone  = "\n-- zone --\ntest 60 SOA 30\nwww.test 300 A 192.0.2.1\n"
)

// auto is a script in which the name servers a and b answer by themselves.
func auto(flags, script string) string {
	return "nameserver a b -file zone " + flags + "\nstart -as res forwards $a 127.0.0.1:0\nstart -as res2 forwards $b 127.0.0.1:0\nsocket ann\n" + script + zone
}

var dnsPlays = []played{
	{"an answer", forwarded("", asks+"dns isp send answer an='www.test 300 A 192.0.2.1'\ndns ann expect answer an='www.test 300 A 192.0.2.1'"), harness.Pass, ""},
	{"another answer", forwarded("", asks+"dns isp send answer an='www.test 300 A 192.0.2.1'\ndns ann expect answer an='www.test 300 A 192.0.2.2'"), harness.Fail, "ann should receive the answer an=www.test 300 A 192.0.2.2 from res; another answer section"},
	{"another rcode", forwarded("", asks+"dns isp send answer rcode=SERVFAIL\ndns ann expect answer"), harness.Fail, "rcode (the result) is SERVFAIL, want NOERROR"},
	{"an answer that nobody asked for", forwarded("", asks+"dns isp send answer rcode=NXDOMAIN ns='test 60 SOA 30'\nquiet"), harness.Fail, "ann received www.test A: NXDOMAIN; authority test 60 SOA"},
	{"another question", forwarded("", "dns ann send question -to $res qd='www.test A'\ndns isp expect question qd='www.test AAAA'"), harness.Fail, "res should send the question qd=www.test AAAA to isp; another question"},
	{"a question behind others", forwarded("", "dns ann send question -to $res qd='h%d.test A' -times 3\ndns isp expect question qd='h3.test A' -skip\nquiet ann\nasked 3 isp"), harness.Pass, ""},
	{"no question behind others", forwarded("", asks+"dns isp expect question qd='h3.test A' -skip"), harness.Fail, "nothing came"},
	{"a question with more than the question", forwarded("", "dns ann send question -to $res qd='www.test A' edns=1232\ndns isp expect question qd='www.test A'"), harness.Fail, "arcount is 1, want 0"},
	{"a question that nobody asked for", forwarded("", askA+"quiet"), harness.Fail, "isp got www.test A? rd"},
	{"no question", forwarded("silent", asks), harness.Fail, "res should send the question qd=www.test A to isp; nothing came, it was at rest for 2s"},
	{"no answer", forwarded("", asks+"dns ann expect answer"), harness.Fail, "nothing came, it was at rest for 2s"},
	{"an answer from elsewhere", forwarded("elsewhere", asks+"dns isp send answer\ndns ann expect answer"), harness.Fail, "from where the question went"},
	{"only the server is heard", forwarded("", asks+"socket eve\ndns isp send answer -from eve an='www.test 300 A 192.0.2.66'\ndns isp send answer\ndns ann expect answer"), harness.Pass, ""},
	{"beside the server", "nameserver isp\nnameserver eve -on 127.0.0.2 -beside isp\nstart -as res forwards $isp 127.0.0.1:0\nsocket ann\n" + asks + "dns isp send answer -from eve an='www.test 300 A 192.0.2.66'\ndns isp send answer\ndns ann expect answer", harness.Pass, ""},
	{"two questions, answered in the other order", forwarded("", "dns ann send question -to $res qd='a.test A' as=a\ndns isp expect question qd='a.test A' as=a\ndns ann send question -to $res qd='b.test A' as=b\ndns isp expect question qd='b.test A' as=b\n"+
		"dns isp send answer of=b\ndns isp send answer of=a\nquiet isp\ndns ann expect answer of=a\ndns ann expect answer of=b"), harness.Pass, ""},
	{"two answers, one asked for", forwarded("", "dns ann send question -to $res qd='a.test A' as=a\ndns isp expect question qd='a.test A' as=a\ndns ann send question -to $res qd='b.test A' as=b\ndns isp expect question qd='b.test A' as=b\n"+
		"dns isp send answer of=b\ndns isp send answer of=a\nquiet isp\ndns ann expect answer of=a"), harness.Fail, "b.test A: no data"},
	{"many questions", forwarded("", many+"unguessable isp\ndns isp send answer an='h%d.test 60 A 192.0.2.%d' -times 32 -backwards\ndns ann expect answer an='h%d.test 60 A 192.0.2.%d' -times 32"), harness.Pass, ""},
	{"one of many answers is wrong", forwarded("", many+"dns isp send answer an='h%d.test 60 A 192.0.2.%d' -times 32\ndns ann expect answer an='h%d.test 60 A 192.0.2.1%d' -times 32"), harness.Fail, "another answer section"},
	{"one of many questions does not come", forwarded("", "dns ann send question -to $res qd='h%d.test A' -times 2\ndns isp expect question qd='h%d.test A' -times 3"), harness.Fail, "1 of 3 did not come"},
	{"the clients' ids", forwarded("sameid", "dns ann send question -to $res id=7 qd='h%d.test A' -times 32\ndns isp expect question qd='h%d.test A' -times 32\nunguessable isp"), harness.Fail, "the same ids come again and again"},
	{"ids in a row", forwarded("nextid", many+"unguessable isp"), harness.Fail, "each is the one before and a few more"},
	{"even ids", forwarded("even", many+"unguessable isp"), harness.Fail, "bit 0 of them"},
	{"one socket for all", forwarded("onesocket", asks+many+"unguessable isp"), harness.Fail, "socket of its own"},
	{"one seed for all", "nameserver a b\nstart -as res forwards $a seeded 127.0.0.1:0\nstart -as res2 forwards $b seeded 127.0.0.1:0\nsocket ann\n" +
		"dns ann send question -to $res qd='h%d.test A' -times 32 as=a\ndns a expect question qd='h%d.test A' -times 32\ndns ann send question -to $res2 qd='h%d.test A' -times 32 as=b\ndns b expect question qd='h%d.test A' -times 32\nunguessable a b", harness.Fail, "a and b were asked with the same ids"},
	{"too few to tell", forwarded("", asks+"unguessable isp"), harness.Error, "1 questions to isp were asked for together"},

	{"by TCP", "nameserver isp\nstart -as res forwards $isp 127.0.0.1:0\ndial ann $res\ndns ann send question qd='www.test A' -split 1,2,5\naccept isp_tcp -as t\ndns t expect question qd='www.test A'\n" +
		"dns t send answer an='www.test 300 A 192.0.2.1' -split each\ndns ann expect answer an='www.test 300 A 192.0.2.1'\nshut ann\neof ann", harness.Pass, ""},
	{"by TCP, and more than 512 bytes", "nameserver isp\nstart -as res forwards $isp 127.0.0.1:0\ndial ann $res\ndns ann send question qd='www.test A'\naccept isp_tcp -as t\ndns t expect question qd='www.test A'\n" +
		"dns t send answer raw='" + string(slices.Repeat([]byte{'x'}, 600)) + "'\ndns ann expect answer", harness.Fail, "the answer is malformed: byte 26: 600 bytes stand behind"},
	{"by TCP, and the program hangs up", "nameserver isp\nstart -as res forwards $isp 127.0.0.1:0\ndial ann $res\nsend ann '\\x00\\x05ab'\nshut ann\ndns ann send question qd='www.test A'\ndns ann expect answer", harness.Fail, "it has closed the connection"},
	{"by UDP, and more than 512 bytes", forwarded("", asks+"dns isp send answer raw='"+string(slices.Repeat([]byte{'x'}, 600))+"'\ndns ann expect answer"), harness.Fail, "the answer is malformed"},
	{"two questions in one write", "nameserver isp\nstart -as res forwards $isp 127.0.0.1:0\ndial ann $res\ndns ann send question qd='h%d.test A' -times 2\naccept isp_tcp -as t\ndns t expect question qd='h1.test A'\ndns t send answer\ndns ann expect answer", harness.Error, "1 answers are expected, and 2 questions were sent"},

	{"answers by itself", auto("", askA+"dns ann expect answer an='www.test 300 A 192.0.2.1'\n"+"dns a expect question qd='www.test A'"), harness.Pass, ""},
	{"says that there is none", auto("", "dns ann send question -to $res qd='no.test A'\ndns ann expect answer rcode=NXDOMAIN ns='test 60 SOA 30'\nasked 1 a b"), harness.Pass, ""},
	{"answers by a zone in the script", "nameserver isp -zone 'test 60 SOA 30\\n'\nstart -as res forwards $isp 127.0.0.1:0\nsocket ann\n" + askA + "dns ann expect answer rcode=NXDOMAIN\nasked 1 isp", harness.Pass, ""},
	{"silent at first", auto("-silent 1", askA+"asked 1 a b\n"+askA+"dns ann expect answer an='www.test 300 A 192.0.2.1'\nasked 1 a b"), harness.Pass, ""},
	{"lies before the answer", auto("-lies", askA+"dns ann expect answer an='www.test 300 A 192.0.2.1'\nasked 1 a b"), harness.Fail, "should receive the answer an=www.test 300 A 192.0.2.1"},
	{"lies", auto("-lies", "dns ann send question -to $res qr=1 qd='www.test A'\nasked 1 a b"), harness.Pass, ""},
	{"cut off", auto("-tc", askA+"dns ann expect answer tc=1\nasked 1 a b"), harness.Pass, ""},
	{"asked too often", auto("", askA+"dns ann expect answer an='www.test 300 A 192.0.2.1'\nasked 0 a b"), harness.Fail, `res2 should ask nobody here; it asked "www.test A? rd"`},
	{"asked more than is good", auto("", many2+"asked 2 a b"), harness.Fail, "should ask 2 questions at most here; it asked 3"},
	{"whoever is asked first is silent", auto("-one-silent", askA+"dns a,b expect question qd='www.test A'\ndns ann send question -to $res2 qd='www.test A'\ndns a,b expect question qd='www.test A' -other\ndns ann expect answer an='www.test 300 A 192.0.2.1'"), harness.Pass, ""},
	{"the same is asked again", auto("-one-silent", askA+"dns a,b expect question qd='www.test A'\ndns ann send question -to $res qd='www.test A'\ndns a,b expect question qd='www.test A' -other"), harness.Fail, "should ask another of a,b now, but asked a again"},
	{"a lacking address", "[!linux] skip 'it is there'\nnameserver isp -on 192.0.2.1\n", harness.Skip, "this system lacks an address"},
}

const many2 = "dns ann send question -to $res qd='h%d.test A' -times 3\ndns ann expect answer rcode=NXDOMAIN -times 3\n"

// What is wrong with a line about DNS is told before a play.
func TestDNSMistakes(t *testing.T) {
	for _, script := range []string{
		"dns ann look question", "dns ann send letter", "dns ann send question qd", "dns ann expect question", "dns ann send question qd='a..b A'",
		"dns ann send question qd=$ann", "dns ann send question qd='www.test A' -times x", "nameserver a -file none", "nameserver a -one-silent",
		"nameserver a -file bad\n-- bad --\nx 1 A 192.0.2.1\n", "asked x a",
	} {
		if _, err := harness.ParseScenario("demo.txtar", []byte("# A demo. (1 point)\n"+script)); err == nil || !strings.HasPrefix(err.Error(), "demo.txtar:2: ") {
			t.Errorf("%q: %v", script, err)
		}
	}
}
