package packet

// Data is what the last header carries. Its fields are three ways to say the
// same bytes.
var Data = &Protocol{
	Name: "data",
	Fields: []Field{
		{Name: "data", Doc: "bytes carried", Format: plainBytes, Usual: "wirebook"},
		{Name: "hex", Doc: "bytes carried, in hexadecimal", Format: HexBytes},
		{Name: "size", Doc: "number of bytes carried: letters of the alphabet, over and over", Format: letters},
	},
}

// padding is what stands behind the packet's own length.
var padding = &Protocol{Name: "padding"}
