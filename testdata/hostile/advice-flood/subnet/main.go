package main

func main() {}

func f0() {
	for {
	}
}

func f1() {
	for {
	}
}

func f2() {
	for {
	}
}

func f3() {
	for {
	}
}

func f4() {
	for {
	}
}

func f5() {
	for {
	}
}

func f6() {
	for {
	}
}

func f7() {
	for {
	}
}

func f8() {
	for {
	}
}

func f9() {
	for {
	}
}

func f10() {
	for {
	}
}

func f11() {
	for {
	}
}

func f12() {
	for {
	}
}

func f13() {
	for {
	}
}

func f14() {
	for {
	}
}

func f15() {
	for {
	}
}

func f16() {
	for {
	}
}

func f17() {
	for {
	}
}

func f18() {
	for {
	}
}

func f19() {
	for {
	}
}

func f20() {
	for {
	}
}

func f21() {
	for {
	}
}

func f22() {
	for {
	}
}

func f23() {
	for {
	}
}

func f24() {
	for {
	}
}

func f25() {
	for {
	}
}

func f26() {
	for {
	}
}

func f27() {
	for {
	}
}

func f28() {
	for {
	}
}

func f29() {
	for {
	}
}

func f30() {
	for {
	}
}

func f31() {
	for {
	}
}

func f32() {
	for {
	}
}

func f33() {
	for {
	}
}

func f34() {
	for {
	}
}

func f35() {
	for {
	}
}

func f36() {
	for {
	}
}

func f37() {
	for {
	}
}

func f38() {
	for {
	}
}

func f39() {
	for {
	}
}

func f40() {
	for {
	}
}

func f41() {
	for {
	}
}

func f42() {
	for {
	}
}

func f43() {
	for {
	}
}

func f44() {
	for {
	}
}

func f45() {
	for {
	}
}

func f46() {
	for {
	}
}

func f47() {
	for {
	}
}

func f48() {
	for {
	}
}

func f49() {
	for {
	}
}

func f50() {
	for {
	}
}

func f51() {
	for {
	}
}

func f52() {
	for {
	}
}

func f53() {
	for {
	}
}

func f54() {
	for {
	}
}

func f55() {
	for {
	}
}

func f56() {
	for {
	}
}

func f57() {
	for {
	}
}

func f58() {
	for {
	}
}

func f59() {
	for {
	}
}

func f60() {
	for {
	}
}

func f61() {
	for {
	}
}

func f62() {
	for {
	}
}

func f63() {
	for {
	}
}

func f64() {
	for {
	}
}

func f65() {
	for {
	}
}

func f66() {
	for {
	}
}

func f67() {
	for {
	}
}

func f68() {
	for {
	}
}

func f69() {
	for {
	}
}

func f70() {
	for {
	}
}

func f71() {
	for {
	}
}

func f72() {
	for {
	}
}

func f73() {
	for {
	}
}

func f74() {
	for {
	}
}

func f75() {
	for {
	}
}

func f76() {
	for {
	}
}

func f77() {
	for {
	}
}

func f78() {
	for {
	}
}

func f79() {
	for {
	}
}

func f80() {
	for {
	}
}

func f81() {
	for {
	}
}

func f82() {
	for {
	}
}

func f83() {
	for {
	}
}

func f84() {
	for {
	}
}

func f85() {
	for {
	}
}

func f86() {
	for {
	}
}

func f87() {
	for {
	}
}

func f88() {
	for {
	}
}

func f89() {
	for {
	}
}

func f90() {
	for {
	}
}

func f91() {
	for {
	}
}

func f92() {
	for {
	}
}

func f93() {
	for {
	}
}

func f94() {
	for {
	}
}

func f95() {
	for {
	}
}

func f96() {
	for {
	}
}

func f97() {
	for {
	}
}

func f98() {
	for {
	}
}

func f99() {
	for {
	}
}

func f100() {
	for {
	}
}

func f101() {
	for {
	}
}

func f102() {
	for {
	}
}

func f103() {
	for {
	}
}

func f104() {
	for {
	}
}

func f105() {
	for {
	}
}

func f106() {
	for {
	}
}

func f107() {
	for {
	}
}

func f108() {
	for {
	}
}

func f109() {
	for {
	}
}

func f110() {
	for {
	}
}

func f111() {
	for {
	}
}

func f112() {
	for {
	}
}

func f113() {
	for {
	}
}

func f114() {
	for {
	}
}

func f115() {
	for {
	}
}

func f116() {
	for {
	}
}

func f117() {
	for {
	}
}

func f118() {
	for {
	}
}

func f119() {
	for {
	}
}

func f120() {
	for {
	}
}

func f121() {
	for {
	}
}

func f122() {
	for {
	}
}

func f123() {
	for {
	}
}

func f124() {
	for {
	}
}

func f125() {
	for {
	}
}

func f126() {
	for {
	}
}

func f127() {
	for {
	}
}

func f128() {
	for {
	}
}

func f129() {
	for {
	}
}

func f130() {
	for {
	}
}

func f131() {
	for {
	}
}

func f132() {
	for {
	}
}

func f133() {
	for {
	}
}

func f134() {
	for {
	}
}

func f135() {
	for {
	}
}

func f136() {
	for {
	}
}

func f137() {
	for {
	}
}

func f138() {
	for {
	}
}

func f139() {
	for {
	}
}

func f140() {
	for {
	}
}

func f141() {
	for {
	}
}

func f142() {
	for {
	}
}

func f143() {
	for {
	}
}

func f144() {
	for {
	}
}

func f145() {
	for {
	}
}

func f146() {
	for {
	}
}

func f147() {
	for {
	}
}

func f148() {
	for {
	}
}

func f149() {
	for {
	}
}

func f150() {
	for {
	}
}

func f151() {
	for {
	}
}

func f152() {
	for {
	}
}

func f153() {
	for {
	}
}

func f154() {
	for {
	}
}

func f155() {
	for {
	}
}

func f156() {
	for {
	}
}

func f157() {
	for {
	}
}

func f158() {
	for {
	}
}

func f159() {
	for {
	}
}

func f160() {
	for {
	}
}

func f161() {
	for {
	}
}

func f162() {
	for {
	}
}

func f163() {
	for {
	}
}

func f164() {
	for {
	}
}

func f165() {
	for {
	}
}

func f166() {
	for {
	}
}

func f167() {
	for {
	}
}

func f168() {
	for {
	}
}

func f169() {
	for {
	}
}

func f170() {
	for {
	}
}

func f171() {
	for {
	}
}

func f172() {
	for {
	}
}

func f173() {
	for {
	}
}

func f174() {
	for {
	}
}

func f175() {
	for {
	}
}

func f176() {
	for {
	}
}

func f177() {
	for {
	}
}

func f178() {
	for {
	}
}

func f179() {
	for {
	}
}

func f180() {
	for {
	}
}

func f181() {
	for {
	}
}

func f182() {
	for {
	}
}

func f183() {
	for {
	}
}

func f184() {
	for {
	}
}

func f185() {
	for {
	}
}

func f186() {
	for {
	}
}

func f187() {
	for {
	}
}

func f188() {
	for {
	}
}

func f189() {
	for {
	}
}

func f190() {
	for {
	}
}

func f191() {
	for {
	}
}

func f192() {
	for {
	}
}

func f193() {
	for {
	}
}

func f194() {
	for {
	}
}

func f195() {
	for {
	}
}

func f196() {
	for {
	}
}

func f197() {
	for {
	}
}

func f198() {
	for {
	}
}

func f199() {
	for {
	}
}
