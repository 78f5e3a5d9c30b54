package frame

// data is what the last header carries. Its fields are three ways to say the
// same bytes.
var data = &protocol{
	name: "data",
	fields: []field{
		{name: "data", doc: "bytes carried", format: plainBytes, usual: "wirebook"},
		{name: "hex", doc: "bytes carried, in hexadecimal", format: hexBytes},
		{name: "size", doc: "number of bytes carried: letters of the alphabet, over and over", format: letters},
	},
}

// padding is what stands behind the packet's own length.
var padding = &protocol{name: "padding"}
