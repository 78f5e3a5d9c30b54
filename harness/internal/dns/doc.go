/*
Package dns reads and writes the text in which scenarios speak of DNS messages: what
they send, and what they expect. What a message is, is a matter of package message.

A message is either a question or an answer. [ParseText] reads what a scenario says
of one. [Text.Bytes] builds the message to send: every field has a value that makes it
right, and any can be given another. [Expected.Match] compares a message that came: it must
be well formed and keep to what all programs must, the given fields are compared, and a
[Mismatch] says what the first difference is. [Describe] says in one line what a
message is. A [Zone] answers questions by itself, as a name server does.

	dns isp expect question qd='www.example.test A'
	dns isp send answer an='www.example.test 300 A 192.0.2.1'
	dns isp send answer an='@12 300 A 192.0.2.1' ancount=2 cut=40

Records are written as in zone files, NAME TTL TYPE DATA, the class where it is not
IN, the final dot of names as one likes. In a label, \. is a dot and \DDD the byte of
that number; a last label @N is a pointer to byte N of the message, @+N and @-N one to
N bytes behind and before the pointer. SOA may have its last number alone. Data of any
type can be written \# SIZE HEX. Of records that are expected, 300|10 is either TTL, and
* any. A field with {1..20} in it is twenty fields, each with its number.

fields.md lists all fields.
*/
package dns
