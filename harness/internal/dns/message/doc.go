// Package message is what a DNS message is (RFC 1035): names, questions and records,
// how they lie in bytes, and how they are written as text, which is nearly that of zone
// files. It takes messages apart and puts them together, right or wrong on purpose.
//
// What came is a [Message]: [Parse] makes it of bytes that are well formed. What is to
// be sent is a [Draft]: [Draft.Bytes] makes bytes of it, and says in them what it is
// told to. A Message has questions and records in which names are complete, [Question] and
// [Record]; a Draft has them as text writes them, [SpelledQuestion] and [SpelledRecord],
// and there a name may end in a pointer to anywhere. Both begin with a [Header].
package message
