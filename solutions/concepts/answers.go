package main

// The answers, each with a sentence that says why it is right. The questions stand in the
// README, in the same order.
//
// 每个答案都有一句话说明为什么对。题目在 README 里，顺序相同。
var answers = []answer{

	// ---- One room: a layer-2 switch · 一间宿舍：二层交换机 ----

	// A does not know B's MAC address yet, so it asks all at once, by the broadcast address.
	// A 还不知道 B 的 MAC，只好用广播地址一次问所有人。
	{"request-to", "all"},

	// A broadcast leaves by every port but the one that it came in by.
	// 广播帧从每个接口发出去，只有进来的那个接口除外。
	{"request-ports", "2,3,4"},

	// A switch learns from the source of what it gets, and so far it has got one frame, from A at port 1.
	// 交换机从收到的帧的源地址学习；到这时它只收到一帧，是从接口 1 来的 A 的帧。
	{"learned-at-once", "1=A"},

	// By RFC 826 the host that is asked for notes the asker; C and D, who only hear it, make no new entry.
	// 按 RFC 826，被问的主机记下提问者；C 和 D 只是听到，不会新建记录。
	{"overheard", "B"},

	// The request told B who asks, so its reply is for A alone.
	// 请求里写着是谁在问，所以 B 的应答只发给 A。
	{"reply-to", "A"},

	// Frame 1 taught S that A is at port 1, and to that port alone the reply goes.
	// 第 1 帧让 S 学到了 A 在接口 1，应答就只从那里出去。
	{"reply-ports", "1"},

	// A and B have sent frames; C and D have only received one.
	// A 和 B 发过帧；C 和 D 只收到过一帧。
	{"learned-after-all", "1=A,2=B"},

	// B's address is not in the table any more, and a frame for an unknown address is flooded.
	// B 的地址已经不在表里了，目的地址不认识的帧要泛洪。
	{"restarted-switch", "2,3,4"},

	// A card hands up what is for its own MAC address or for all; the frame is for B.
	// 网卡只把发给自己的和发给所有人的帧交上去，而这一帧是给 B 的。
	{"not-for-me", "ignores"},

	// The frame came in by port 3, and the last port at which a source was seen is the one that counts.
	// 这一帧是从接口 3 进来的；源地址最后在哪个接口出现，就记在哪个接口。
	{"moved", "3"},

	// A layer-2 switch passes a frame on bit by bit as it is; neither host can tell that it is there.
	// 二层交换机把帧一位不改地转发出去，两边的主机都察觉不到它。
	{"untouched", "none"},

	// ---- Two rooms: a router · 两间宿舍：路由器 ----

	// F is outside of A's subnet, so the packet goes to the gateway, and its MAC address is what A needs.
	// F 不在 A 的子网里，包要交给网关，A 需要的是网关的 MAC。
	{"whom-to-ask", "192.168.10.254"},

	// A broadcast reaches all of its own LAN, here B and R0, and ends at the router.
	// 广播能到达自己局域网里的所有人，这里是 B 和 R0，到路由器为止。
	{"first-heard-by", "B,R0"},

	// On this LAN the packet is handed to the router, whose card here is R0.
	// 在这个局域网里，包要交给路由器，它在这里的网卡是 R0。
	{"left-dst-mac", "R0"},

	// The packet is for F from the beginning; the gateway's IP address stands nowhere in it.
	// 包从一开始就是给 F 的，里面没有网关的 IP。
	{"left-dst-ip", "192.168.20.3"},

	// The router makes a new frame for F's LAN, and sends it by its card R1.
	// 路由器为 F 的局域网重新封装一个帧，从网卡 R1 发出去。
	{"right-src-mac", "R1"},

	// A router leaves the IP addresses alone, so F sees who has sent the packet.
	// 路由器不动 IP 地址，所以 F 看得到是谁发的。
	{"right-src-ip", "192.168.10.1"},

	// There is one router on the way, and each router takes one off; switches do not count.
	// 路上有一台路由器，每台路由器减一；交换机不算。
	{"right-ttl", "63"},

	// The router needs F's MAC address and asks with its own address on F's LAN.
	// 路由器需要 F 的 MAC，就用自己在 F 那个局域网里的地址去问。
	{"second-asker", "192.168.20.254"},

	// On F's LAN frames were sent by F and by the router's card R1, and by nobody else.
	// 在 F 的局域网里发过帧的只有 F 和路由器的网卡 R1。
	{"table-of-s2", "2=F,3=R1"},

	// A has asked for its gateway and for nobody else.
	// A 只问过网关，没问过别人。
	{"neighbours-of-a", "192.168.10.254"},

	// The router takes the TTL down to 0 and answers by the card that leads to A, with that card's address.
	// 路由器把 TTL 减到 0，从通向 A 的网卡回答，用那块网卡的地址。
	{"ttl-of-one", "192.168.10.254"},

	// With 255.255.0.0 B takes all of 192.168 for its own LAN, F too, and asks for F itself.
	// 掩码是 255.255.0.0 时，B 把整个 192.168 都当成自己的局域网，F 也在内，所以直接问 F。
	{"wrong-mask", "192.168.20.3"},

	// The request needs A's gateway only; for the reply F needs one of its own, and has none.
	// 请求只用得着 A 的网关；应答要用 F 自己的网关，而 F 没有。
	{"way-back", "yes,no"},

	// All four match, and the longest prefix decides: 200 lies in 128 to 255, the upper half.
	// 四条都匹配，前缀最长的说了算：200 在 128 到 255 这上半段里。
	{"longest-match", "d"},

	// ---- One box for both rooms: a layer-3 switch · 一台设备管两间宿舍：三层交换机 ----

	// A broadcast stays in its VLAN: ports 2 and 3, since it came in by 1.
	// 广播出不了自己的 VLAN：它从 1 进来，所以从 2 和 3 出去。
	{"vlan-broadcast", "2,3"},

	// F is in another subnet, so A sends to its gateway, L's interface in VLAN 10.
	// F 在另一个子网，A 把包交给网关，也就是 L 在 VLAN 10 里的接口。
	{"vlan-gateway", "V10"},

	// Between two VLANs L is a router, and takes one off.
	// 在两个 VLAN 之间，L 就是路由器，要减一。
	{"vlan-ttl", "63"},

	// Port 4 is in VLAN 20, whatever address E has, so the broadcast goes to 2 and 3 only.
	// 不管 E 的地址是什么，接口 4 都属于 VLAN 20，所以广播只去 2 和 3。
	{"vlan-same-subnet", "2,3"},

	// A switch looks the destination's MAC address up in its table.
	// 交换机拿目的 MAC 去查自己的表。
	{"switch-forwards-by", "dst-mac"},

	// A router looks the destination's IP address up in its table.
	// 路由器拿目的 IP 去查自己的表。
	{"router-forwards-by", "dst-ip"},

	// ---- At home: private and public addresses · 家里：内网地址与公网地址 ----

	// Outside, P is known by the router's public address, and by the port that the router chose.
	// 在外面，P 用的是路由器的公网地址，和路由器选的端口。
	{"outside-source", "203.0.113.7:61000"},

	// The router's table turns 203.0.113.7:61000 back into P's own address and port.
	// 路由器查表，把 203.0.113.7:61000 换回 P 自己的地址和端口。
	{"answer-inside-to", "192.168.1.10:50000"},

	// A NAT changes the inside end of a connection alone, so the answer still comes from W.
	// NAT 只改连接的里面这一端，所以回答还是来自 W。
	{"answer-inside-from", "198.51.100.80:80"},

	// Port 8080 stands nowhere in the router's table, and a NAT drops what it has no entry for.
	// 路由器的表里没有 8080 端口，没有记录的，NAT 就丢弃。
	{"unasked", "none"},

	// A forwarding gives the packet both of its new values, Q's address and Q's port.
	// 端口转发把两个值都换掉：Q 的地址和 Q 的端口。
	{"forwarded-to", "192.168.1.20:80"},

	// Both come from one address, so only different ports tell the answers apart.
	// 两条连接来自同一个地址，只有端口不同，才分得清回答是给谁的。
	{"two-at-once", "2"},

	// 10.0.0.0/8, 172.16.0.0/12 (so 172.16 to 172.31) and 192.168.0.0/16 are private, and nothing else here is.
	// 10.0.0.0/8、172.16.0.0/12（即 172.16 到 172.31）和 192.168.0.0/16 是私有的，这里的其他地址都不是。
	{"private", "a,c,d,f"},

	// ---- A TCP connection, number by number · 一条 TCP 连接，一个号一个号地看 ----

	// The SYN takes up number 1000, so 1001 is expected next.
	// SYN 占用序号 1000，所以下一个期待的是 1001。
	{"syn-acknowledged", "1001"},

	// Each side has sent a SYN, which takes up one number: the client goes on at 1001 and expects 5001.
	// 双方各发了一个 SYN，各占一个序号：客户端从 1001 继续，期待 5001。
	{"third-segment", "1001,5001"},

	// hello is 1001 to 1005, so 1006 is expected next.
	// hello 占 1001 到 1005，所以下一个期待的是 1006。
	{"hello-acknowledged", "1006"},

	// The client has used 1000 for its SYN and 1001 to 1005 for hello; bare ACKs take up none.
	// 客户端的 SYN 用了 1000，hello 用了 1001 到 1005；单纯的 ACK 不占序号。
	{"fin-number", "1006"},

	// The FIN takes up number 1006, so 1007 is expected next.
	// FIN 占用序号 1006，所以下一个期待的是 1007。
	{"fin-acknowledged", "1007"},

	// With segment 3 the server learns that its own SYN has arrived.
	// 第 3 个报文段到了，服务器才知道自己的 SYN 对方收到了。
	{"server-established", "3"},

	// The client sends no more, and the server's own program has still to close.
	// 客户端不再发了，而服务器自己的程序还没有 close。
	{"server-after-fin", "CLOSE-WAIT"},

	// The client closed first and sent the last ACK: if that is lost, it must be there to repeat it.
	// 客户端先关闭，最后一个 ACK 是它发的；万一丢了，它得在那里重发。
	{"who-waits", "client"},

	// ---- Programs and ports · 程序与端口 ----

	// Each read takes one datagram, never two and never a part of the next.
	// 每次读正好取走一个数据报，不会是两个，也不会带上下一个的一部分。
	{"datagrams", "3"},

	// TCP keeps no boundaries: all 60 bytes may have arrived, and one read takes them.
	// TCP 不保留边界：60 个字节可能都到了，一次就读完。
	{"glued-together", "1"},

	// All three have the port 8001; what tells them apart is who is at the other end.
	// 三个套接字的本地端口都是 8001，靠对方是谁来区分。
	{"ports-at-server", "1"},

	// Both addresses and the server's port are the same, so the client's port must differ.
	// 两边的地址和服务器的端口都相同，只能是客户端的端口不同。
	{"two-tabs", "src-port"},

	// First the socket gets its address, then callers may queue there, then one is taken.
	// 先有地址，然后才能让人排队，最后才能接一个进来。
	{"server-calls", "bind,listen,accept"},

	// 127.0.0.1 is each computer itself, and 0.0.0.0 stands for all addresses of P, 127.0.0.1 among them.
	// 127.0.0.1 指每台电脑自己；0.0.0.0 代表 P 的所有地址，包括 127.0.0.1。
	{"who-can-connect", "a,c,d"},

	// A running computer refuses with a RST what nothing listens for; what a firewall drops, nobody answers.
	// 没有程序监听的端口，开着的电脑用 RST 拒绝；被防火墙丢弃的，没有人回答。
	{"refused-or-silent", "rst,none"},

	// send returns when the system has taken the bytes, and waits for nothing that happens outside.
	// 系统接下这些字节，send 就返回了，外面发生的事它一概不等。
	{"send-returned", "a"},

	// ---- Layers, numbers and names · 分层、号码与名字 ----

	// Frames are layer 2 (data link), IP is 3 (network), TCP is 4 (transport), HTTP is 7 (application).
	// 帧属于第 2 层（数据链路层），IP 是第 3 层（网络层），TCP 是第 4 层（传输层），HTTP 是第 7 层（应用层）。
	{"osi-numbers", "2,3,4,7"},

	// Each layer puts its header before what the layer above gave it, so the lowest comes first.
	// 每一层都把头部加在上一层给的东西前面，所以最底层的排在最前。
	{"header-order", "ethernet,ip,tcp,http"},

	// Subnets are told apart by IP addresses, and IP is layer 3.
	// 子网靠 IP 地址区分，而 IP 是第 3 层。
	{"subnet-layer", "3"},

	// A MAC address has 6 bytes, an IPv4 address 4, an IPv6 address 16, of 8 bits each.
	// MAC 地址 6 个字节，IPv4 地址 4 个，IPv6 地址 16 个，每个字节 8 位。
	{"address-bits", "48,32,128"},

	// These are the ports that IANA has assigned to them.
	// 这些是 IANA 分配给它们的端口。
	{"known-ports", "80,443,53,22"},

	// DNS knows names; the port and the page are the URL's matter.
	// DNS 只认名字；端口和网页是 URL 的事。
	{"dns-question", "shop.example.net"},

	// The root's servers know com's, com's know example.com's, and these know the computer.
	// 根知道 com 的服务器，com 的知道 example.com 的，example.com 的知道那台主机。
	{"dns-path", "root,com,example.com"},

	// The resolver still knows where example.com's servers are, and asks them at once.
	// 解析服务器还记得 example.com 的服务器在哪里，直接去问它们。
	{"dns-again", "example.com"},

	// It looks for a server, is offered an address, asks for that one, and gets it confirmed.
	// 先找服务器，得到一个提供的地址，再请求它，最后得到确认。
	{"dhcp-messages", "discover,offer,request,ack"},

	// DHCP tells all that a new host must be told; its MAC address it has brought with it.
	// 新来的主机需要知道的，DHCP 都能告诉它；MAC 地址是它自己带来的。
	{"dhcp-gives", "ip,mask,gateway,dns"},
}
