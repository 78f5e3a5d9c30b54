package programs

import (
	"os"
	"testing"
)

func TestPathInFront(t *testing.T) {
	t.Setenv("PATH", "/ours")
	list := string(os.PathListSeparator)
	for _, test := range []struct {
		setting string
		env     []string
		want    string
	}{
		{"SECRET=x", []string{"PATH=/a"}, "SECRET=x"},
		{"PATH=/b", []string{"PATH=/old", "PATH=/a" + list + "/c", "PATHEXT=.exe"}, "PATH=/b" + list + "/a" + list + "/c"},
		{"PATH=/b", []string{"Path=/a"}, "PATH=/b" + list + "/a"},
		{"PATH=/b", []string{}, "PATH=/b"},
		{"PATH=/b", nil, "PATH=/b" + list + "/ours"},
	} {
		if got := inFront(test.setting, test.env); got != test.want {
			t.Errorf("%s in front of %q is %s, want %s", test.setting, test.env, got, test.want)
		}
	}
}
