// Command go verifies a log directory with Go's own tlog and note packages. Usage: go-verify DIR
//
// It exits 0 when everything holds and 1 when something does not.
package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if err := verify(os.Args[1]); err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
}

// cosigner checks the 72-byte timestamped signatures that the note package leaves to others.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(sig)
	signed := append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", time)), msg...)
	return ed25519.Verify(c.key, signed, sig[8:])
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("malformed witness key")
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 4 {
		return nil, errors.New("not a cosignature key")
	}
	return cosigner{parts[0], uint32(hash), ed25519.PublicKey(key[1:])}, nil
}

// keys reads the log's and the witnesses' keys from the policy.
func keys(dir string) (all []note.Verifier, err error) {
	policy, err := os.ReadFile(filepath.Join(dir, "policy"))
	if err != nil {
		return nil, err
	}
	for _, line := range strings.Split(string(policy), "\n") {
		var key note.Verifier
		switch f := strings.Fields(line); {
		case len(f) >= 2 && f[0] == "log":
			key, err = note.NewVerifier(f[1])
		case len(f) >= 3 && f[0] == "witness":
			key, err = newCosigner(f[2])
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, key)
	}
	return all, nil
}

// open checks that every key has signed and reads the head.
func open(msg []byte, all []note.Verifier) (tlog.Tree, error) {
	n, err := note.Open(msg, note.VerifierList(all...))
	if err != nil {
		return tlog.Tree{}, err
	}
	if len(n.Sigs) != len(all) {
		return tlog.Tree{}, fmt.Errorf("%d of %d keys have signed", len(n.Sigs), len(all))
	}
	lines := strings.Split(n.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	hash, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: hash}, err
}

// tiles reads tiles of height 8 from the directory, where paths do not name the height.
type tiles string

func (t tiles) Height() int                      { return 8 }
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t tiles) ReadTiles(want []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range want {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(t), path))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", path, len(data))
		}
		out = append(out, data)
	}
	return out, nil
}

// entries reads bundle number n, of which the tree holds w entries.
func entries(dir string, n int64, w int) (out [][]byte, err error) {
	tile := tlog.Tile{H: 8, L: -1, N: n, W: w}
	path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
	data, err := os.ReadFile(filepath.Join(dir, path))
	if err != nil {
		return nil, err
	}
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s is cut short", path)
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		out = append(out, data[2:end])
		data = data[end:]
	}
	if len(out) != w {
		return nil, fmt.Errorf("%s has %d entries", path, len(out))
	}
	return out, nil
}

// hashes reads lines of base64.
func hashes(text string) (out []tlog.Hash, err error) {
	for _, line := range strings.Fields(text) {
		h, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, nil
}

func verify(dir string) error {
	all, err := keys(dir)
	if err != nil {
		return err
	}
	read := func(name string) []byte {
		data, readErr := os.ReadFile(filepath.Join(dir, name))
		if readErr != nil {
			fmt.Println("cannot run:", readErr)
			os.Exit(3)
		}
		return data
	}
	tree, err := open(read("checkpoint"), all)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	old, err := open(read("checkpoint.old"), all)
	if err != nil {
		return fmt.Errorf("older checkpoint: %w", err)
	}
	if err := verifyEntries(dir, tree); err != nil {
		return err
	}
	proof, err := hashes(string(read("consistency")))
	if err != nil {
		return fmt.Errorf("consistency: %w", err)
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return fmt.Errorf("consistency: %w", err)
	}
	for _, name := range []string{"exhibit.tlog-proof", "receipt.tlog-proof"} {
		if err := verifyExhibit(read(name), all); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	fmt.Printf("%d entries, consistent with %d, %d keys\n", tree.N, old.N, len(all))
	return nil
}

// verifyEntries checks every tile against the root and every entry against its tile, and rebuilds the root.
func verifyEntries(dir string, tree tlog.Tree) error {
	reader := tlog.TileHashReader(tree, tiles(dir))
	var stored []tlog.Hash
	own := tlog.HashReaderFunc(func(want []int64) (out []tlog.Hash, err error) {
		for _, i := range want {
			out = append(out, stored[i])
		}
		return out, nil
	})
	for first := int64(0); first < tree.N; first += 256 {
		w := int(min(256, tree.N-first))
		bundle, err := entries(dir, first/256, w)
		if err != nil {
			return err
		}
		var want []int64
		for i := range bundle {
			want = append(want, tlog.StoredHashIndex(0, first+int64(i)))
		}
		have, err := reader.ReadHashes(want)
		if err != nil {
			return err
		}
		for i, entry := range bundle {
			if tlog.RecordHash(entry) != have[i] {
				return fmt.Errorf("entry %d is not what the tree holds", first+int64(i))
			}
			more, err := tlog.StoredHashes(first+int64(i), entry, own)
			if err != nil {
				return err
			}
			stored = append(stored, more...)
		}
	}
	root, err := tlog.TreeHash(tree.N, own)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return errors.New("the entries lead to another root")
	}
	return nil
}

// verifyExhibit checks the record in the extra line against the head below it.
func verifyExhibit(data []byte, all []note.Verifier) error {
	head, checkpoint, ok := bytes.Cut(data, []byte("\n\n"))
	if !ok {
		return errors.New("no checkpoint")
	}
	tree, err := open(checkpoint, all)
	if err != nil {
		return err
	}
	lines := strings.Split(string(head), "\n")
	if len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		return errors.New("malformed proof")
	}
	extra, err := base64.StdEncoding.DecodeString(lines[1][len("extra "):])
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(lines[2][len("index "):], 10, 64)
	if err != nil {
		return err
	}
	path, err := hashes(strings.Join(lines[3:], "\n"))
	if err != nil {
		return err
	}
	record, _, _ := bytes.Cut(extra, []byte("~"))
	return tlog.CheckRecord(path, tree.N, tree.Hash, index, tlog.RecordHash(record))
}
