package main

import (
	"fmt"
	"os"
	"syscall"
)

// The test puts its own places in the first lines.
var places = []string{
	"@RESULTS@/tampers/result.json", "@RESULTS@/class.csv", "@RESULTS@/breach", "@SECRET@",
	"/program", "/etc/hosts", "/etc/breach", "/breach", "../breach", "../../breach", "/proc/self/root/breach", "/proc/sys/net/core/somaxconn",
	"/proc/sys/kernel/core_pattern", "/proc/self/oom_score_adj", "/proc/sysrq-trigger", "/sys/fs/cgroup/breach", "/dev/breach", "/dev/shm/breach",
	"/var/tmp/breach", "/usr/local/go/src/breach.go", "/usr/share/zoneinfo/breach", "/home/breach", "/root/.profile", "/root/.cache/go-build/breach",
	os.Getenv("HOME") + "/breach", os.Getenv("GOCACHE") + "/breach", os.Getenv("GITHUB_ENV"), os.Getenv("GITHUB_OUTPUT"), os.Getenv("GITHUB_STEP_SUMMARY"), os.Getenv("CI_PROJECT_DIR") + "/breach",
	"/github/file_commands/breach", "/builds/breach", "/opt/breach", "/var/run/breach", "/run/breach",
}

func init() {
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	for _, place := range places {
		// The file is not changed where it is there.
		if f, err := os.OpenFile(place, os.O_WRONLY|os.O_CREATE, 0o644); err == nil {
			fmt.Println("BREACH: may write", place)
			f.Close()
		}
		for what, err := range map[string]error{
			"change the mode of":  os.Chmod(place, 0o777),
			"change the owner of": os.Chown(place, os.Getuid(), os.Getgid()),
			"change the times of": syscall.Utimes(place, make([]syscall.Timeval, 2)),
			"link":                linked(place),
		} {
			if err == nil {
				fmt.Println("BREACH: may", what, place)
			}
		}
	}
	if err := os.Truncate("/program", 0); err == nil {
		fmt.Println("BREACH: emptied itself")
	}
}

func linked(place string) error {
	err := os.Link(place, "hard")
	os.Remove("hard")
	return err
}
