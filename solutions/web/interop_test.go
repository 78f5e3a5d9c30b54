package main

// The tests of this file talk to what none of us wrote: curl, Go's net/http, Python's
// http, and a browser. Each skips where its peer is missing.

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// program builds the model program and returns its path.
func program(t testing.TB) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "web.exe") // a suffix that no system minds
	if out, err := exec.Command("go", "build", "-o", exe, "wirebook/solutions/web").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return exe
}

// site is what the servers of these tests show.
var site = map[string]string{
	"index.html":        "<h1>top</h1>\n",
	"hello.txt":         "hello\n",
	"empty":             "",
	"a b+c%.txt":        "odd\n",
	"你好.txt":            "世界\n",
	"folder/index.html": "<h1>below</h1>\n",
	"folder/page.html":  "<p>page\n",
	"large":             strings.Repeat("0123456789abcdef", 100000),
}

// show starts the model's server with the site and returns what its URLs begin with.
func show(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return "http://" + start(t, program(t), "server", "-listen", "127.0.0.1:0", "-dir", dir)
}

// start starts a server that says where it listens.
func start(t testing.TB, name string, args ...string) (addr string) {
	t.Helper()
	addr, _ = startProcess(t, exec.Command(name, args...))
	return addr
}

func startProcess(t testing.TB, cmd *exec.Cmd) (addr string, process *os.Process) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(strings.TrimPrefix(line, "listening on ")), cmd.Process
}

// tool finds a program of the system, or skips.
func tool(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skipf("%s is not here", names[0])
	return ""
}

// output runs a command and returns what it prints.
func output(t testing.TB, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, stderr.String())
	}
	return string(out)
}

func TestCurl(t *testing.T) {
	curl := tool(t, "curl")
	url := show(t, site)
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"a page", []string{url}, site["index.html"]},
		{"a file with an odd name", []string{url + "/a%20b+c%25.txt"}, site["a b+c%.txt"]},
		{"a name in Chinese", []string{url + "/%E4%BD%A0%E5%A5%BD.txt"}, site["你好.txt"]},
		{"a large file", []string{url + "/large"}, site["large"]},
		{"an old client", []string{"--http1.0", url + "/hello.txt"}, site["hello.txt"]},
		{"two on one connection", []string{url + "/hello.txt", url + "/", "-w", "%{num_connects},"}, "hello\n1,<h1>top</h1>\n0,"},
		{"sent to the folder", []string{"-L", "-w", "%{http_code} %{url_effective}", url + "/folder"}, "<h1>below</h1>\n200 " + url + "/folder/"},
		{"HEAD", []string{"-I", "-o", os.DevNull, "-w", "%{http_code} %header{content-length} %{content_type}", url + "/hello.txt"}, "200 6 text/plain; charset=utf-8"},
		{"nothing there", []string{"-o", os.DevNull, "-w", "%{http_code}", url + "/nothing"}, "404"},
		{"a way out", []string{"--path-as-is", "-o", os.DevNull, "-w", "%{http_code}", url + "/../../etc/passwd"}, "404"},
		{"a body that nobody wants", []string{"-d", strings.Repeat("x", 5000), "-o", os.DevNull, "-w", "%{http_code}", url + "/hello.txt"}, "405"},
		{"a body in chunks", []string{"-H", "Transfer-Encoding: chunked", "-d", "x", "-o", os.DevNull, "-w", "%{http_code}", url + "/hello.txt"}, "501"},
		{"a part, which is the whole here", []string{"-r", "1-2", url + "/hello.txt"}, site["hello.txt"]},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := output(t, curl, append([]string{"-sS"}, test.args...)...); got != test.want {
				t.Errorf("got %.200q, want %.200q", got, test.want)
			}
		})
	}
}

// Go's client reuses a connection, also behind a 404, and follows to the folder.
func TestGoClient(t *testing.T) {
	url := show(t, site)
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	connections := 0
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) {
		if !c.Reused {
			connections++
		}
	}})
	for _, test := range []struct {
		method, path string
		code         int
		body         string
	}{
		{"GET", "/hello.txt", 200, site["hello.txt"]},
		{"HEAD", "/large", 200, ""},
		{"GET", "/nothing", 404, "404 Not Found: there is no such file\n"},
		{"HEAD", "/nothing", 404, ""},
		{"PUT", "/hello.txt", 405, "405 Method Not Allowed: only GET and HEAD are served\n"},
		{"GET", "/folder", 200, site["folder/index.html"]},
		{"GET", "/large", 200, site["large"]},
		{"GET", "/empty", 200, ""},
	} {
		r, err := http.NewRequestWithContext(ctx, test.method, url+test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		a, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(a.Body)
		a.Body.Close()
		if err != nil || a.StatusCode != test.code || string(body) != test.body {
			t.Errorf("%s %s: %d %.100q %v, want %d %.100q", test.method, test.path, a.StatusCode, body, err, test.code, test.body)
		}
	}
	if connections != 1 {
		t.Errorf("%d connections were made for all, want 1", connections)
	}
}

// The smallest browser, and Go's server with what it does when it is not told a length.
func TestGoServer(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/chunks", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		for i := range 5 {
			fmt.Fprintf(w, "part %d\n", i)
			w.(http.Flusher).Flush()
		}
		w.Header().Set("X-Sum", "15")
	})
	mux.HandleFunc("/length", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.RawQuery+" "+r.Host) })
	mux.HandleFunc("/hints", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</a.css>; rel=preload")
		w.WriteHeader(103)
		io.WriteString(w, "hinted")
	})
	mux.HandleFunc("/none", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) })
	mux.HandleFunc("/old", func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			io.WriteString(conn, "HTTP/1.0 200 OK\r\n\r\nold")
			conn.Close()
		}
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/length", http.StatusFound) })
	mux.HandleFunc("/broken", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "half of it")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	host, exe := strings.TrimPrefix(server.URL, "http://"), program(t)
	for _, test := range []struct {
		path, want string
		says       string // on standard error, where it fails
	}{
		{"/chunks", "part 0\npart 1\npart 2\npart 3\npart 4\n", ""},
		{"/length?a=b#part", "a=b " + host, ""},
		{"/hints", "hinted", ""},
		{"/none", "", ""},
		{"/old", "old", ""},
		{"/moved", "", "302"},
		{"/nothing", "", "404"},
		{"/broken", "half of it", "EOF"},
	} {
		cmd := exec.Command(exe, "get", server.URL+test.path)
		var out, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &stderr
		err := cmd.Run()
		if out.String() != test.want || (err == nil) != (test.says == "") || !strings.Contains(stderr.String(), test.says) {
			t.Errorf("%s: printed %q, said %q, %v; want %q, %q", test.path, out.String(), stderr.String(), err, test.want, test.says)
		}
	}
}

func TestPython(t *testing.T) {
	python := tool(t, "python3")
	t.Run("client", func(t *testing.T) {
		url := show(t, site)
		script := `
import http.client, socket, sys
host = sys.argv[1]
c = http.client.HTTPConnection(host)
for method, path in [("GET", "/hello.txt"), ("HEAD", "/nothing"), ("GET", "/folder"), ("GET", "/")]:
    c.request(method, path)
    a = c.getresponse()
    print(a.status, a.getheader("Location"), a.read())
# As in the tutorials: one send, and reads up to the end.
s = socket.create_connection(host.split(":"))
s.sendall(b"GET /hello.txt HTTP/1.0\r\n\r\n")
data = b""
while True:
    part = s.recv(1024)
    if not part:
        break
    data += part
print(data.split(b"\r\n\r\n", 1)[1])
`
		got := output(t, python, "-c", script, strings.TrimPrefix(url, "http://"))
		want := "200 None b'hello\\n'\n404 None b''\n301 /folder/ b'301 Moved Permanently: it is a folder\\n'\n200 None b'<h1>top</h1>\\n'\nb'hello\\n'\n"
		if strings.ReplaceAll(got, "\r", "") != want {
			t.Errorf("it printed\n%s\nwant\n%s", got, want)
		}
	})
	t.Run("server", func(t *testing.T) {
		script := `
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"you want " + self.path.encode())
s = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print("listening on 127.0.0.1:%d" % s.server_port, flush=True)
s.serve_forever()
`
		addr := start(t, python, "-c", script)
		if got, want := output(t, program(t), "get", "http://"+addr+"/x%20y?z"), "you want /x%20y?z"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// page asks for what the site has, as pages do, and writes what it saw into itself.
const page = `<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>test</title>
<link rel="stylesheet" href="style.css"></head>
<body><img id="dot" src="folder/dot.svg"><p id="styled">x</p><pre id="seen"></pre>
<script src="script.js"></script>
<script>
const seen = [];
async function look() {
  const folder = await fetch("folder");
  seen.push("folder " + folder.status + " " + new URL(folder.url).pathname);
  const chinese = await fetch("你好.txt");
  seen.push("chinese " + chinese.status + " " + (await chinese.text()).trim());
  const odd = await fetch("a%20b+c%25.txt");
  seen.push("odd " + odd.status + " " + (await odd.text()).trim());
  const none = await fetch("nothing");
  seen.push("nothing " + none.status);
  const head = await fetch("large", {method: "HEAD"});
  seen.push("head " + head.headers.get("Content-Length"));
  const post = await fetch("hello.txt", {method: "POST", body: "x"});
  seen.push("post " + post.status);
  const large = await Promise.all(Array.from({length: 12}, async () => (await (await fetch("large")).text()).length));
  seen.push("large " + new Set(large).size + " " + large[0]);
  const image = document.getElementById("dot");
  await image.decode();
  seen.push("image " + image.naturalWidth);
  seen.push("style " + getComputedStyle(document.getElementById("styled")).color);
  seen.push("script " + fromScript);
}
look().catch(e => seen.push("error " + e)).finally(() => {
  document.getElementById("seen").textContent = seen.join("\n");
});
</script></body></html>
`

// A browser loads a page with all that belongs to it.
func TestBrowser(t *testing.T) {
	chromium := tool(t, "chromium", "chromium-browser", "google-chrome")
	files := map[string]string{
		"page.html":      page,
		"style.css":      "#styled { color: rgb(1, 2, 3) }\n",
		"script.js":      "const fromScript = 'ran';\n",
		"folder/dot.svg": `<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"></svg>`,
	}
	for name, text := range site {
		files[name] = text
	}
	url := show(t, files)
	dom := output(t, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server",
		"--user-data-dir="+t.TempDir(), "--virtual-time-budget=60000", "--dump-dom", url+"/page.html")
	_, seen, _ := strings.Cut(dom, `<pre id="seen">`)
	seen, _, _ = strings.Cut(seen, "</pre>")
	want := "folder 200 /folder/\nchinese 200 世界\nodd 200 odd\nnothing 404\nhead 1600000\npost 405\nlarge 1 1600000\nimage 7\nstyle rgb(1, 2, 3)\nscript ran"
	if seen != want {
		t.Errorf("the page saw\n%s\nwant\n%s\nof\n%s", seen, want, dom)
	}
}

// Two hundred connections on which nothing comes delay nobody, and neither do two
// hundred that never end their request.
func TestIdleConnections(t *testing.T) {
	url := show(t, site)
	addr := strings.TrimPrefix(url, "http://")
	for i := range 400 {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if i%2 == 1 {
			if _, err := io.WriteString(conn, "GET /hello.txt HTTP/1.1\r\nHost: h\r\n"); err != nil {
				t.Fatal(err)
			}
		}
	}
	exe := program(t)
	for range 20 {
		if got := output(t, exe, "get", url+"/hello.txt"); got != "hello\n" {
			t.Fatalf("got %q", got)
		}
	}
}
