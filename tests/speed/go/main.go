// A scanner in the manner of zgrab2, for comparison: workers take hosts from a list, shake hands, and print a line of JSON for each host
// with the version, the suite, the chain as it was sent and whether it leads to the roots. The standard library alone.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

type certificate struct {
	Subject   string    `json:"subject"`
	Issuer    string    `json:"issuer"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	Names     []string  `json:"names"`
	Raw       []byte    `json:"raw"`
}

type result struct {
	Host    string        `json:"host"`
	Version uint16        `json:"version,omitempty"`
	Suite   string        `json:"suite,omitempty"`
	Chain   []certificate `json:"chain,omitempty"`
	Trusted bool          `json:"trusted"`
	Error   string        `json:"error,omitempty"`
}

func probe(address string, roots *x509.CertPool) result {
	found := result{Host: address}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		found.Error = err.Error()
		return found
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	// The chain is judged below, so that it is told in any case.
	connection, err := tls.DialWithDialer(dialer, "tcp", address, &tls.Config{ServerName: host, InsecureSkipVerify: true})
	if err != nil {
		found.Error = err.Error()
		return found
	}
	defer connection.Close()
	state := connection.ConnectionState()
	found.Version, found.Suite = state.Version, tls.CipherSuiteName(state.CipherSuite)
	others := x509.NewCertPool()
	for position, sent := range state.PeerCertificates {
		if position > 0 {
			others.AddCert(sent)
		}
		found.Chain = append(found.Chain, certificate{
			sent.Subject.String(), sent.Issuer.String(), sent.NotBefore, sent.NotAfter, sent.DNSNames, sent.Raw,
		})
	}
	_, err = state.PeerCertificates[0].Verify(x509.VerifyOptions{DNSName: host, Roots: roots, Intermediates: others})
	found.Trusted = err == nil
	return found
}

func main() {
	file := flag.String("file", "", "list of HOST:PORT")
	roots := flag.String("roots", "", "trusted certificates, PEM")
	workers := flag.Int("workers", 16, "hosts at a time")
	flag.Parse()
	list, err := os.Open(*file)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	pem, err := os.ReadFile(*roots)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(pem)
	hosts, results := make(chan string), make(chan result, *workers)
	var running sync.WaitGroup
	for number := 0; number < *workers; number++ {
		running.Add(1)
		go func() {
			defer running.Done()
			for host := range hosts {
				results <- probe(host, trusted)
			}
		}()
	}
	go func() {
		lines := bufio.NewScanner(list)
		for lines.Scan() {
			hosts <- lines.Text()
		}
		close(hosts)
		running.Wait()
		close(results)
	}()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := json.NewEncoder(out)
	for found := range results {
		if err := lines.Encode(found); err != nil {
			os.Exit(2)
		}
	}
}
