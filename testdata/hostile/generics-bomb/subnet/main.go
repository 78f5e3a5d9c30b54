package main

// Each instantiates the next with a type twice as long as its own.
func f0[T any]() { f1[struct{ a, b T }]() }
func f1[T any]() { f2[struct{ a, b T }]() }
func f2[T any]() { f3[struct{ a, b T }]() }
func f3[T any]() { f4[struct{ a, b T }]() }
func f4[T any]() { f5[struct{ a, b T }]() }
func f5[T any]() { f6[struct{ a, b T }]() }
func f6[T any]() { f7[struct{ a, b T }]() }
func f7[T any]() { f8[struct{ a, b T }]() }
func f8[T any]() { f9[struct{ a, b T }]() }
func f9[T any]() { f10[struct{ a, b T }]() }
func f10[T any]() { f11[struct{ a, b T }]() }
func f11[T any]() { f12[struct{ a, b T }]() }
func f12[T any]() { f13[struct{ a, b T }]() }
func f13[T any]() { f14[struct{ a, b T }]() }
func f14[T any]() { f15[struct{ a, b T }]() }
func f15[T any]() { f16[struct{ a, b T }]() }
func f16[T any]() { f17[struct{ a, b T }]() }
func f17[T any]() { f18[struct{ a, b T }]() }
func f18[T any]() { f19[struct{ a, b T }]() }
func f19[T any]() { f20[struct{ a, b T }]() }
func f20[T any]() { f21[struct{ a, b T }]() }
func f21[T any]() { f22[struct{ a, b T }]() }
func f22[T any]() { f23[struct{ a, b T }]() }
func f23[T any]() { f24[struct{ a, b T }]() }
func f24[T any]() { f25[struct{ a, b T }]() }
func f25[T any]() { f26[struct{ a, b T }]() }
func f26[T any]() { f27[struct{ a, b T }]() }
func f27[T any]() { f28[struct{ a, b T }]() }
func f28[T any]() { f29[struct{ a, b T }]() }
func f29[T any]() { f30[struct{ a, b T }]() }
func f30[T any]() { f31[struct{ a, b T }]() }
func f31[T any]() { f32[struct{ a, b T }]() }
func f32[T any]() { f33[struct{ a, b T }]() }
func f33[T any]() { f34[struct{ a, b T }]() }
func f34[T any]() { f35[struct{ a, b T }]() }
func f35[T any]() { f36[struct{ a, b T }]() }
func f36[T any]() { f37[struct{ a, b T }]() }
func f37[T any]() { f38[struct{ a, b T }]() }
func f38[T any]() { f39[struct{ a, b T }]() }
func f39[T any]() { f40[struct{ a, b T }]() }
func f40[T any]() { var x T; println(&x) }

func main() { f0[int]() }
