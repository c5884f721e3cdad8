#pragma once
// Reads a value change dump back, as strictly as IEEE 1364 allows: scopes closed, codes unique, times rising, every
// change of a known signal and a real change.

#include <cstdint>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace myriad::test {

struct ValueChanges {
    std::string timescale;
    std::map<std::string, std::vector<std::pair<std::int64_t, char>>> changes;  // by full name
    std::int64_t end = -1;
    std::string problem;  // empty: a legal dump
};

class ValueChangeReader {
public:
    explicit ValueChangeReader(const std::string& text) : words_(text) {}

    ValueChanges read() {
        if (declarations() && result_.problem.empty()) {
            changes();
        } else if (result_.problem.empty()) {
            result_.problem = "no end of definitions";
        }
        return std::move(result_);
    }

private:
    void fail(const std::string& problem) {
        if (result_.problem.empty()) {
            result_.problem = problem;
        }
    }

    std::string until_end() {
        std::string text;
        std::string word;
        while (words_ >> word && word != "$end") {
            text += (text.empty() ? "" : " ") + word;
        }
        return text;
    }

    bool declarations() {
        std::string word;
        while (words_ >> word) {
            if (word == "$enddefinitions") {
                until_end();
                if (!scopes_.empty()) {
                    fail("a scope is open");
                }
                return true;
            }
            const std::string text = until_end();
            if (word == "$timescale") {
                result_.timescale = text;
            } else if (word == "$scope") {
                scopes_.push_back(text.substr(text.find(' ') + 1));
            } else if (word == "$upscope") {
                scopes_.empty() ? fail("no scope to leave") : scopes_.pop_back();
            } else if (word == "$var") {
                declare(text);
            } else {
                fail("unknown " + word);
            }
        }
        return false;
    }

    // "wire 1 CODE NAME"
    void declare(const std::string& text) {
        std::istringstream parts(text);
        std::string kind, width, code, name, rest;
        parts >> kind >> width >> code >> name;
        if (kind != "wire" || width != "1" || name.empty() || (parts >> rest)) {
            fail("not a wire: " + text);
        }
        std::string full;
        for (const std::string& scope : scopes_) {
            full += scope + ".";
        }
        full += name;
        if (!names_.emplace(code, full).second || result_.changes.count(full) != 0) {
            fail("declared twice: " + text);
        }
        result_.changes[full] = {};
    }

    void changes() {
        std::string word;
        bool initial = false;
        while (words_ >> word) {
            if (word[0] == '#') {
                const std::int64_t time = std::stoll(word.substr(1));
                if (time <= result_.end) {
                    fail("time does not rise at " + word);
                }
                result_.end = time;
            } else if (word == "$dumpvars" || word == "$end") {
                initial = word == "$dumpvars";
            } else {
                change(word, initial);
            }
        }
    }

    void change(const std::string& word, bool initial) {
        const auto name = names_.find(word.substr(1));
        if (name == names_.end() || (word[0] != '0' && word[0] != '1') || result_.end < 0) {
            fail("not a change: " + word);
            return;
        }
        auto& of_signal = result_.changes[name->second];
        if (initial != of_signal.empty() || (!initial && of_signal.back().second == word[0])) {
            fail("no change: " + word);
        }
        of_signal.emplace_back(result_.end, word[0]);
    }

    std::istringstream words_;
    std::vector<std::string> scopes_;
    std::map<std::string, std::string> names_;  // code -> full name
    ValueChanges result_;
};

inline ValueChanges read_value_changes(const std::string& text) { return ValueChangeReader(text).read(); }

}  // namespace myriad::test
