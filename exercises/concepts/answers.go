package main

// This is your worksheet, and the file that you fill in. The drawings stand in README.md.
//
// Write each answer between the empty quotes behind its ID. What is not written yet stays
// empty. The quotes are these: "", and not those of Chinese text.
//
// 这就是你的答卷，要填的就是这个文件。图在 README.zh-CN.md 里。
// 每道题的答案写在它的 ID 后面那对空引号里，还没答的就空着。引号要用英文的 ""，不要用中文引号。
var answers = []answer{

	// ---- One room: a layer-2 switch · 一间宿舍：二层交换机 ----

	// To which MAC address is frame 1, the ARP request, sent? (A, B, C, D, S or
	// all) Like D.
	// 第 1 帧（ARP 请求）发往哪个 MAC 地址？（填 A、B、C、D、S 或 all；all 是广
	// 播地址）
	{"request-to", ""},

	// Out of which ports of S does frame 1 leave? Like 1,5.
	// 第 1 帧从 S 的哪些接口发出去？
	{"request-ports", ""},

	// What stands in S's MAC table after frame 1? (PORT=NAME, or none) Like
	// 4=D,6=G.
	// 第 1 帧之后，S 的 MAC 地址表里有什么？（写成 接口=名字，没有就填 none）
	{"learned-at-once", ""},

	// Whose ARP table has an entry for A after frame 1? (Hosts that follow RFC
	// 826) Like A,D.
	// 第 1 帧之后，谁的 ARP 表里有 A 的记录？（主机都按 RFC 826 行事）
	{"overheard", ""},

	// To which MAC address is frame 2, the ARP reply, sent? Like D.
	// 第 2 帧（ARP 应答）发往哪个 MAC 地址？
	{"reply-to", ""},

	// Out of which ports of S does frame 2 leave? Like 1,5.
	// 第 2 帧从 S 的哪些接口发出去？
	{"reply-ports", ""},

	// What stands in S's MAC table after frame 4? Like 4=D,6=G.
	// 第 4 帧之后，S 的 MAC 地址表里有什么？
	{"learned-after-all", ""},

	// S is switched off and on, its table is empty; the hosts keep their ARP
	// tables. A pings B again. Out of which ports of S does the echo request
	// leave? Like 1,5.
	// S 断电重启，MAC 表空了；主机的 ARP 表都还在。A 再次 ping B，回显请求从 S
	// 的哪些接口发出去？
	{"restarted-switch", ""},

	// Suppose a frame for B's MAC address, with an echo request from A in it,
	// reaches C too. What does C do? (answers, ignores, forwards, or notes: it
	// notes A in its ARP table)
	// 假如有一帧的目的 MAC 是 B 的，里面是 A 发的回显请求，它也到了 C。C 会怎么
	// 做？（answers 回答、ignores 忽略、forwards 转发、notes 把 A 记进 ARP 表）
	{"not-for-me", ""},

	// After frame 4, C is unplugged, and A's cable is moved from port 1 to port
	// 3. A sends a frame to B. At which port (its number) does S's table now
	// have A? Like 5.
	// 第 4 帧之后，拔掉 C，把 A 的网线从接口 1 换到接口 3。A 给 B 发一帧。这时
	// S 的表里 A 在几号接口？（填接口号）
	{"moved", ""},

	// Which of these does S change in frame 3 on its way? (src-mac, dst-mac,
	// src-ip, dst-ip, ttl, or none) Like dst-ip,ttl.
	// 第 3 帧经过 S 时，S 改了下面哪些内容？（src-mac、dst-mac、src-ip、
	// dst-ip、ttl，没有就填 none）
	{"untouched", ""},

	// ---- Two rooms: a router · 两间宿舍：路由器 ----

	// A pings F. For which IP address does A's first ARP request ask? Like
	// 10.0.0.9.
	// A ping F。A 的第一个 ARP 请求问的是哪个 IP 地址？
	{"whom-to-ask", ""},

	// Which of B, E, F, R0 and R1 does that request reach? Like E,R1.
	// 这个请求能到达 B、E、F、R0、R1 中的哪些？
	{"first-heard-by", ""},

	// The echo request on A's LAN: which MAC address is its destination? (A to
	// F, R0, R1, S1, S2 or all) Like E.
	// 回显请求在 A 的局域网里时，目的 MAC 是谁的？（填 A 到 F、R0、R1、S1、S2
	// 或 all）
	{"left-dst-mac", ""},

	// The same packet on A's LAN: which IP address is its destination? Like
	// 10.0.0.9.
	// 还是这个包，在 A 的局域网里时，目的 IP 是什么？
	{"left-dst-ip", ""},

	// The echo request on F's LAN: which MAC address is its source? Like E.
	// 回显请求到了 F 的局域网里，源 MAC 是谁的？
	{"right-src-mac", ""},

	// The same packet on F's LAN: which IP address is its source? Like
	// 10.0.0.9.
	// 还是这个包，在 F 的局域网里时，源 IP 是什么？
	{"right-src-ip", ""},

	// A has sent it with TTL 64. Which TTL has it when it reaches F? Like 12.
	// A 发出时 TTL 是 64。到达 F 时 TTL 是多少？
	{"right-ttl", ""},

	// Before the echo request reaches F, somebody sends an ARP request on F's
	// LAN. Which IP address stands in that request as the sender's? Like
	// 10.0.0.9.
	// 回显请求到达 F 之前，F 的局域网里有人发 ARP 请求。请求里的发送方 IP 是什
	// 么？
	{"second-asker", ""},

	// Which stations are in S2's MAC table when the reply has arrived at A?
	// (PORT=NAME) Like 4=D,6=G.
	// 回显应答到达 A 之后，S2 的 MAC 表里有哪些记录？（写成 接口=名字）
	{"table-of-s2", ""},

	// When the reply has arrived at A, which IP addresses are in A's ARP table?
	// Like 10.0.0.9,10.0.0.8.
	// 回显应答到达 A 之后，A 的 ARP 表里有哪些 IP 地址？
	{"neighbours-of-a", ""},

	// A sends F an echo request with TTL 1. From which IP address does the
	// answer come, “time exceeded”? Like 10.0.0.9.
	// A 给 F 发一个 TTL 为 1 的回显请求。“TTL 超时（Time Exceeded）”这个回答来
	// 自哪个 IP 地址？
	{"ttl-of-one", ""},

	// B has got the mask 255.255.0.0 by mistake; all else is right. B pings F.
	// For which IP address does B's ARP request ask? Like 10.0.0.9.
	// B 的子网掩码错设成 255.255.0.0，其他都对。B ping F。B 的 ARP 请求问的是哪
	// 个 IP 地址？
	{"wrong-mask", ""},

	// F has no gateway set; all else is right. A pings F. Does the request
	// reach F? Does A get a reply? (yes or no, twice) Like no,yes.
	// F 没有设网关，其他都对。A ping F。请求能到达 F 吗？A 能收到应答吗？（按顺
	// 序各填 yes 或 no）
	{"way-back", ""},

	// A router has these routes: a 0.0.0.0/0, b 192.168.0.0/16, c
	// 192.168.20.0/24, d 192.168.20.128/25. Which one does a packet to
	// 192.168.20.200 take? Like c.
	// 一台路由器有四条路由：a 0.0.0.0/0，b 192.168.0.0/16，c 192.168.20.0/24，d
	// 192.168.20.128/25。发往 192.168.20.200 的包走哪一条？
	{"longest-match", ""},

	// ---- One box for both rooms: a layer-3 switch · 一台设备管两间宿舍：三层交换机 ----

	// A sends a broadcast. Out of which ports of L does it leave? Like 1,5.
	// A 发一个广播。它从 L 的哪些接口发出去？
	{"vlan-broadcast", ""},

	// A sends F a packet. Which MAC address is its frame's destination when it
	// leaves A? (A to G, V10, V20 or all) Like G.
	// A 给 F 发一个包。帧离开 A 时，目的 MAC 是谁的？（填 A 到 G、V10、V20 或
	// all）
	{"vlan-gateway", ""},

	// It has left A with TTL 64. Which TTL has it when it reaches F? Like 12.
	// 它离开 A 时 TTL 是 64。到达 F 时是多少？
	{"vlan-ttl", ""},

	// E stays at port 4 but is given the address 192.168.10.5/24. A pings
	// 192.168.10.5. Out of which ports does A's ARP request leave? Like 1,5.
	// E 还插在接口 4，但地址改成了 192.168.10.5/24。A ping 192.168.10.5。A 的
	// ARP 请求从哪些接口发出去？
	{"vlan-same-subnet", ""},

	// By which field does a layer-2 switch choose the port to send a frame out
	// of? (src-mac, dst-mac, src-ip, dst-ip, src-port or dst-port) Like
	// dst-port.
	// 二层交换机按哪个字段选择从哪个接口转发？（src-mac、dst-mac、src-ip、
	// dst-ip、src-port 或 dst-port）
	{"switch-forwards-by", ""},

	// By which field does a router choose a packet's next hop? (src-mac,
	// dst-mac, src-ip, dst-ip, src-port or dst-port) Like dst-port.
	// 路由器按哪个字段选择下一跳？（src-mac、dst-mac、src-ip、dst-ip、src-port
	// 或 dst-port）
	{"router-forwards-by", ""},

	// ---- At home: private and public addresses · 家里：内网地址与公网地址 ----

	// P connects to W. What are the source address and port of the SYN on the
	// Internet? (IP:PORT) Like 10.0.0.9:7.
	// P 连接 W。这个 SYN 在互联网上时，源地址和端口是什么？（写成 IP:端口）
	{"outside-source", ""},

	// W answers. What are the destination address and port of its SYN,ACK on
	// P's LAN? Like 10.0.0.9:7.
	// W 回答了。它的 SYN,ACK 到了 P 的局域网里时，目的地址和端口是什么？
	{"answer-inside-to", ""},

	// What are the source address and port of W's SYN,ACK on P's LAN? Like
	// 10.0.0.9:7.
	// W 的 SYN,ACK 到了 P 的局域网里时，源地址和端口是什么？
	{"answer-inside-from", ""},

	// Somebody on the Internet sends a SYN to 203.0.113.7:8080. The NAT table
	// has no entry for it, and no forwarding is set. Which of P and Q gets it?
	// (P, Q, both or none)
	// 互联网上有人向 203.0.113.7:8080 发 SYN。NAT 表里没有它的记录，也没有设端
	// 口转发。P 和 Q 谁会收到？（填 P、Q、both 或 none）
	{"unasked", ""},

	// Now TCP port 8080 is forwarded to 192.168.1.20:80. What are that SYN's
	// destination address and port on the LAN? Like 10.0.0.9:7.
	// 现在把 TCP 端口 8080 转发到 192.168.1.20:80。那个 SYN 到了局域网里，目的
	// 地址和端口是什么？
	{"forwarded-to", ""},

	// P and Q connect to W at the same time, both from their port 50000. How
	// many different source ports does W see? Like 12.
	// P 和 Q 同时连接 W，都用自己的端口 50000。W 看到几个不同的源端口？
	{"two-at-once", ""},

	// Which of these are private addresses (RFC 1918)? a 10.255.0.1, b
	// 172.15.0.1, c 172.16.0.1, d 172.31.255.1, e 172.32.0.1, f 192.168.200.1,
	// g 192.169.0.1, h 100.64.0.1. Like a,h.
	// 下面哪些是内网（私有）地址（RFC 1918）？a 10.255.0.1，b 172.15.0.1，c
	// 172.16.0.1，d 172.31.255.1，e 172.32.0.1，f 192.168.200.1，g
	// 192.169.0.1，h 100.64.0.1
	{"private", ""},

	// ---- A TCP connection, number by number · 一条 TCP 连接，一个号一个号地看 ----

	// Which acknowledgement number has segment 2? Like 12.
	// 第 2 个报文段的确认号是多少？
	{"syn-acknowledged", ""},

	// Which sequence and acknowledgement numbers has segment 3? (SEQ,ACK) Like
	// 70,90.
	// 第 3 个报文段的序号和确认号是多少？（写成 序号,确认号）
	{"third-segment", ""},

	// Which acknowledgement number has segment 5? Like 12.
	// 第 5 个报文段的确认号是多少？
	{"hello-acknowledged", ""},

	// Which sequence number has segment 8, the client's FIN? Like 12.
	// 第 8 个报文段（客户端的 FIN）的序号是多少？
	{"fin-number", ""},

	// Which acknowledgement number has segment 9? Like 12.
	// 第 9 个报文段的确认号是多少？
	{"fin-acknowledged", ""},

	// On the arrival of which segment is the server ESTABLISHED? Like 12.
	// 哪个报文段到达之后，服务器进入 ESTABLISHED？
	{"server-established", ""},

	// In which state is the server after segment 9, before its program closes?
	// Like SYN-SENT.
	// 第 9 个报文段之后、服务器的程序还没有 close 时，服务器处于什么状态？
	{"server-after-fin", ""},

	// Which side is in TIME-WAIT at the end?
	// 最后哪一方会处于 TIME-WAIT？
	{"who-waits", ""},

	// ---- Programs and ports · 程序与端口 ----

	// Over UDP, a program sends 10, 20 and 30 bytes in three sends, one
	// datagram each. All arrive. How many reads with a buffer of 1,024 bytes
	// does the receiver need for the 60 bytes? Like 12.
	// 程序用 UDP 分三次发送 10、20、30 个字节，每次一个数据报，全部到达。接收方
	// 用 1024 字节的缓冲区，要读几次才能拿到这 60 个字节？
	{"datagrams", ""},

	// The same three sends over TCP, and the same buffer. How many reads may be
	// enough for the 60 bytes, at best? Like 12.
	// 同样的三次发送换成 TCP，缓冲区一样大。最少读几次就可能拿到这 60 个字节？
	{"glued-together", ""},

	// A TCP server listens on port 8001; two clients are connected. How many
	// different local ports have the server's three sockets (the listening one
	// and the two accepted)? Like 12.
	// TCP 服务器监听端口 8001，两个客户端已连上。服务器的三个套接字（一个监听
	// 的，两个 accept 得到的）一共有几个不同的本地端口？
	{"ports-at-server", ""},

	// A program opens two TCP connections from one address of its computer to
	// the same server and port. What must differ between the segments that it
	// sends on the two? (src-ip, dst-ip, src-port or dst-port) Like dst-port.
	// 一个程序从本机同一个地址向同一台服务器的同一个端口建立两条 TCP 连接。它在
	// 这两条连接上发出的报文段，哪一项必须不同？（src-ip、dst-ip、src-port 或
	// dst-port）
	{"two-tabs", ""},

	// In which order does a TCP server call accept, bind and listen? Like
	// accept,bind,listen.
	// TCP 服务器按什么顺序调用 accept、bind、listen？
	{"server-calls", ""},

	// On P, 192.168.1.10, one server listens on 127.0.0.1:8001 and another on
	// 0.0.0.0:8002. Q is on the same LAN and runs no server; no firewall is in
	// the way. Which of these connections succeed? a from P to 127.0.0.1:8001,
	// b from Q to 192.168.1.10:8001, c from P to 127.0.0.1:8002, d from Q to
	// 192.168.1.10:8002, e from Q to 127.0.0.1:8002. Like b,e.
	// P（192.168.1.10）上有两个服务器程序，一个监听 127.0.0.1:8001，另一个监听
	// 0.0.0.0:8002。Q 在同一个局域网里，上面没有服务器程序；没有防火墙。下面哪
	// 些连接能成功？a 从 P 连 127.0.0.1:8001，b 从 Q 连 192.168.1.10:8001，c 从
	// P 连 127.0.0.1:8002，d 从 Q 连 192.168.1.10:8002，e 从 Q 连
	// 127.0.0.1:8002
	{"who-can-connect", ""},

	// A client sends two SYNs. The first reaches a running computer, at a port
	// where no program listens; no firewall is in the way. The second is
	// dropped by a firewall. What comes back for each? (fin, none, rst or syn,
	// one for each) Like syn,fin.
	// 客户端发了两个 SYN：第一个到达一台开着的电脑，那个端口没有程序在监听，也
	// 没有防火墙；第二个在路上被防火墙丢弃。各有什么返回来？（fin、none、rst 或
	// syn，按顺序填两个；none 是什么都没有）
	{"refused-or-silent", ""},

	// A program sends 5 bytes over a TCP connection; send returns 5 and no
	// error. What is certain by then? a its own system has taken the bytes, b
	// the bytes have left the computer, c the other computer has received them,
	// d the other program has read them. Like b,d.
	// 程序在一条 TCP 连接上发送 5 个字节，send 返回 5，没有报错。这时能确定的有
	// 哪些？a 本机的系统已经接下这些字节，b 这些字节已经离开本机，c 对方的电脑
	// 已经收到，d 对方的程序已经读到
	{"send-returned", ""},

	// ---- Layers, numbers and names · 分层、号码与名字 ----

	// Which OSI layers do an Ethernet frame's MAC addresses, IP, TCP and HTTP
	// belong to? (four numbers, in this order) Like 9,6,8,5.
	// 以太网帧的 MAC 地址、IP、TCP、HTTP 各属于 OSI 的第几层？（按这个顺序写四
	// 个数）
	{"osi-numbers", ""},

	// A browser asks for a page by http://. In which order do the headers stand
	// in the Ethernet frame, beginning with the one that is sent first?
	// (ethernet, http, ip, tcp) Like http,ip,tcp,ethernet.
	// 浏览器用 http:// 请求一个网页。以太网帧里各个头部按什么顺序排列，最先发送
	// 的写在最前？（ethernet、http、ip、tcp）
	{"header-order", ""},

	// Which layer (its number in OSI) brings a packet from one subnet to
	// another? Like 12.
	// 哪一层（OSI 的层号）负责把包从一个子网送到另一个子网？
	{"subnet-layer", ""},

	// How many bits have a MAC address, an IPv4 address and an IPv6 address?
	// (three numbers, in this order) Like 9,6,8.
	// MAC 地址、IPv4 地址、IPv6 地址各有多少位（bit）？（按这个顺序写三个数）
	{"address-bits", ""},

	// Which are the default ports of HTTP, HTTPS, DNS and SSH? (four numbers,
	// in this order) Like 9,6,8,5.
	// HTTP、HTTPS、DNS、SSH 的默认端口各是多少？（按这个顺序写四个数）
	{"known-ports", ""},

	// A browser opens http://shop.example.net:8001/a.html. The address of which
	// name does it look up in DNS? Like www.example.org.
	// 浏览器打开 http://shop.example.net:8001/a.html。它向 DNS 查的是哪个名字的
	// 地址？
	{"dns-question", ""},

	// A resolver that knows only the root servers' addresses looks
	// www.example.com up; each answer names the next servers with their
	// addresses. Whose name servers does it ask, one after the other? (com,
	// example.com, root) Like com,root.
	// 一台域名解析服务器只知道根服务器的地址，它查 www.example.com；每次的回答
	// 都会给出下一级域名服务器和它们的地址。它依次问谁的域名服务器？（com、
	// example.com、root）
	{"dns-path", ""},

	// Right after looking www.example.com up, the same resolver looks
	// mail.example.com up for the first time; nothing in its cache has expired.
	// Whose name servers does it ask now? (com, example.com, root; none if it
	// need not ask) Like com,root.
	// 查完 www.example.com，同一台解析服务器紧接着第一次查 mail.example.com，缓
	// 存里的记录都没有过期。这次它问谁的域名服务器？（com、example.com、root；
	// 不用问就填 none）
	{"dns-again", ""},

	// In which order do the four messages of DHCP come, when a computer gets
	// its first address? (ack, discover, offer, request) Like
	// ack,offer,request,discover.
	// 一台电脑第一次获得地址时，DHCP 的四个报文按什么顺序出现？（ack、
	// discover、offer、request）
	{"dhcp-messages", ""},

	// Which of these can a computer get by DHCP? (ip, mask, gateway, dns, mac)
	// Like dns,mac.
	// 下面哪些可以通过 DHCP 得到？（ip、mask 子网掩码、gateway 网关、dns、mac）
	{"dhcp-gives", ""},
}
