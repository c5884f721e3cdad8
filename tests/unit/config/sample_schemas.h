#pragma once
// A small house of schemas that uses every feature of the reader.

#include "sim/config/document.h"

#include <string>

namespace myriad {

enum class Shape3 { mesh, ring, product };
inline constexpr Word<Shape3> kShapeWords[] = {
    {"mesh", Shape3::mesh, "every pair"},
    {"ring", Shape3::ring, "neighbours | both ways"},
    {"product", Shape3::product, "of factors"},
};

inline const Schema& links_schema() {
    static const Schema schema{
        "links",
        "Links of a chip.",
        {
            key<int>("count", "how many").required().between("1", "64").sourced(),
            key<BytesPerSecond>("per_link", "per direction").required().between("1 MB/s", "100 TB/s").sourced(),
            key<Picoseconds>("latency", "of one hop").by_default("1.2 us"),
        }};
    return schema;
}

inline const Schema& chip_schema_of_test() {
    static const Schema schema = Schema{"chip",
                                        "One card.",
                                        {
                                            key<std::string>("name", "how results call it").by_file_name(),
                                            key<std::string>("title", "for people").by_default("a chip: #1"),
                                            key<Hertz>("clock", "of the cores").required().sourced(),
                                            key<FlopPerSecond>("peak", "by data type").named().sourced(),
                                            key<Watts>("tdp", "power").sourced(),
                                            section_key("links", "its links", links_schema).required(),
                                        }}
                                     .in_folder("chips")
                                     .require_sources();
    return schema;
}

inline const Schema& wiring_schema() {
    static const Schema schema{"wiring",
                               "How cards are joined.",
                               {
                                   word_key("recipe", "shape", kShapeWords).required().sourced(),
                                   key<int>("size", "cards").at_least("1"),
                                   section_key("factors", "of a product", wiring_schema).list(),
                               }};
    return schema;
}

inline const Schema& server_schema_of_test() {
    static const Schema schema = Schema{
        "server",
        "Cards in a box.",
        {
            key<std::string>("name", "how results call it").by_file_name(),
            reference_key("chip", "the card", chip_schema_of_test).required(),
            section_key("wiring", "how they are joined", wiring_schema).by_default("{recipe: mesh}"),
            key<int>("cards", "how many").required(),
        }}.in_folder("servers");
    return schema;
}

inline const Schema& plan_schema() {
    static const Schema schema{"plan",
                               "Parallelism.",
                               {
                                   key<int>("tp", "tensor").by_default("1").between("1", "1024"),
                                   key<int>("pp", "pipeline").by_default("1").between("1", "1024"),
                                   key<bool>("recompute", "activations again").by_default("false"),
                               }};
    return schema;
}

inline const Schema& axis_schema() {
    static const Schema schema{"axis",
                               "What a sweep changes.",
                               {
                                   key<std::string>("path", "of the value").required(),
                                   yaml_key("values", "its values").list(),
                               }};
    return schema;
}

inline const Schema& scenario_schema_of_test() {
    static const Schema schema{"scenario",
                               "An experiment.",
                               {
                                   reference_key("server", "what it runs on", server_schema_of_test).required(),
                                   section_key("plan", "parallel plan", plan_schema).by_default("{}"),
                                   key<std::int64_t>("seed", "of random streams").by_default("1").at_least("0"),
                                   key<double>("share", "of something").between("0", "1"),
                                   key<Bytes>("sizes", "of messages").list(),
                                   key<UsDollarsPerHour>("prices", "by vendor").named(),
                                   section_key("axes", "of a sweep", axis_schema).list(),
                                   yaml_key("free", "anything"),
                               }};
    return schema;
}

}  // namespace myriad
