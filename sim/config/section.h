#pragma once
// Reading one map of a document. The document has been checked against its schema before a Section exists, so a value
// that is read here has the right type, unit and range; what remains to the reader are the rules between keys.
//
//     WiringConfig read_wiring(Section s) {
//         WiringConfig c;
//         c.recipe = s.enumeration("recipe", kWiringWords);
//         if (c.recipe == WiringRecipe::product) {
//             for (Section& factor : s.sections("factors")) { c.factors.push_back(read_wiring(factor)); }
//         } else if (!s.has("size")) {
//             s.error("recipe", "a full mesh needs 'size'");           // located; collected, thrown by
//             Document::finish
//         }
//         c.size = s.find<int>("size").value_or(0);
//         s.finish();                              // a key that stands in the file but was not read has no effect:
//         error return c;
//     }
//
// Reading a key that the schema does not document, or as another type, is an internal error. A Section refers to its
// Document, which must outlive it.

#include "sim/config/schema.h"
#include "sim/config/sourced.h"
#include "sim/error/error.h"

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace myriad {

struct ConfigNode;
class ErrorLog;

class Section {
public:
    Section(const ConfigNode& node, const Schema& schema, std::string path, ErrorLog& errors);

    // T: std::string, bool, int, std::int64_t, std::uint64_t, double or a quantity of sim/units/units.h.
    // get: the key is required or has a default. find: it may be absent.
    // A sourced key can be read with or without its source.
    template <class T>
    [[nodiscard]] T get(std::string_view key);
    template <class T>
    [[nodiscard]] std::optional<T> find(std::string_view key);
    template <class T>
    [[nodiscard]] std::vector<T> list(std::string_view key);  // absent: empty
    template <class T>
    [[nodiscard]] std::vector<std::pair<std::string, T>> named(std::string_view key);

    template <class T>
    [[nodiscard]] Sourced<T> sourced(std::string_view key);
    template <class T>
    [[nodiscard]] std::optional<Sourced<T>> find_sourced(std::string_view key);
    template <class T>
    [[nodiscard]] std::vector<std::pair<std::string, Sourced<T>>> named_sourced(std::string_view key);

    // A word of an enumeration, by the same table that the schema was built from.
    template <class E, std::size_t N>
    [[nodiscard]] E enumeration(std::string_view key, const Word<E> (&table)[N]) {
        const std::string name = word(key);
        for (const Word<E>& entry : table) {
            if (entry.name == name) {
                return entry.value;
            }
        }
        word_not_in_table(key, name);
    }
    [[nodiscard]] std::string word(std::string_view key);
    [[nodiscard]] std::vector<std::string> words(std::string_view key);  // a list of words
    [[nodiscard]] std::string yaml(std::string_view key);                // of a yaml_key: one line of flow YAML
    [[nodiscard]] std::vector<std::string> yaml_list(std::string_view key);
    // The same with places, for a reader that checks the values itself; absent: empty.
    [[nodiscard]] std::span<const ConfigNode> yaml_items(std::string_view key);

    [[nodiscard]] Section section(std::string_view key);                // required, or has a default, or has()
    [[nodiscard]] std::vector<Section> sections(std::string_view key);  // of a list; absent: empty
    [[nodiscard]] std::vector<std::pair<std::string, Section>> named_sections(std::string_view key);

    // Of a yaml_key that is no list, with places; null when absent.
    [[nodiscard]] const ConfigNode* yaml_node(std::string_view key);

    // Stands in the document, by the user or by default. Does not count as reading it.
    [[nodiscard]] bool has(std::string_view key) const;
    // Names of a named() key of yaml, in the order of the file, with the text of each list entry.
    [[nodiscard]] std::vector<std::pair<std::string, std::vector<std::string>>> named_yaml_lists(std::string_view key);

    // Place of the value of a key; of this map when the key is absent or empty.
    [[nodiscard]] SourceMark mark(std::string_view key = {}) const;
    // "cluster.server.links", as --set takes it; empty at the root.
    [[nodiscard]] const std::string& path() const { return path_; }

    // How much is wrong with the document so far.
    [[nodiscard]] std::size_t errors() const;
    // Collects "file:line:column: error: message" at the value of `key`.
    void error(std::string_view key, std::string message);
    void error_at(const SourceMark& mark, std::string message);
    // Reports keys that the user wrote and the reader did not read.
    void finish();

private:
    const SchemaKey& documented(std::string_view key) const;
    const SchemaKey& expect(std::string_view key, ValueKind kind, Shape shape);
    const ConfigNode* value_of(std::string_view key) const;
    std::string path_of(std::string_view key) const;
    [[noreturn]] void word_not_in_table(std::string_view key, const std::string& name) const;

    const ConfigNode* node_;
    const Schema* schema_;
    std::string path_;
    ErrorLog* errors_;
    std::set<std::string, std::less<>> read_;
};

}  // namespace myriad
