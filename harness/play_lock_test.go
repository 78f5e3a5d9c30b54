package harness_test

import "wirebook/harness"

var lockPlays = []played{
	{"a program waits for our lock", "[windows] skip 'x'\nlock f\nstart locks f\nquiet locks\nunlock f\nscreen locks 'locked\\n'\nfile f.lock -size 0 -private", harness.Pass, ""},
	{"a program waits for our shared lock", "[windows] skip 'x'\nlock f -shared\nstart locks f\nquiet locks\nunlock f\nscreen locks 'locked\\n'", harness.Pass, ""},
	{"we wait for a program's lock to share it", "[windows] skip 'x'\nstart locks f\nscreen locks 'locked\\n'\nlock f -shared", harness.Fail, `the program should give back the lock of "f.lock"`},
	{"a program that does not wait", "[windows] skip 'x'\nlock f\nstart locks g\nquiet locks", harness.Fail, `locks printed "locked\n"`},
	{"we wait for a program's lock", "[windows] skip 'x'\nstart locks f\nscreen locks 'locked\\n'\ntype locks '\\n'\nlock f\nunlock f\nlock f", harness.Pass, ""},
	{"a lock that is not given back", "[windows] skip 'x'\nstart locks f\nscreen locks 'locked\\n'\nlock f", harness.Fail, `the program should give back the lock of "f.lock"; it was at rest for 2s`},
	{"a lock of the dead", "[windows] skip 'x'\nstart locks f\nscreen locks 'locked\\n'\nsignal locks KILL\nexits locks killed\nlock f", harness.Pass, ""},
	{"a lock's file is removed", "lock f\nunlock f\nstart files\ntype files 'remove f.lock\\n'\nquiet\nlock f", harness.Fail, `the file "f.lock" should stay where it is`},
	{"a lock's file is replaced", "lock f\nunlock f\nstart files\ntype files 'remove f.lock\\nwrite f.lock x\\n'\nquiet\nlock f", harness.Fail, `it was removed or replaced`},
	{"a folder in the way of a lock", made("mkdir f.lock", "lock f"), harness.Fail, `the scenario needs "f.lock" for a file of its own here`},
	{"a lock held twice", "lock f\nlock f", harness.Error, `the lock of "f" is held already`},
	{"a lock that is not held", "unlock f", harness.Error, `there is no lock named "f.lock" yet`},
}
