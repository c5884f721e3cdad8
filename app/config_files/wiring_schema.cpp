// Keys of a wiring: what joins the cards of a server.

#include "app/config_files/schemas.h"
#include "app/config_files/words.h"

namespace myriad {

const Schema& wiring_schema() {
    static const Schema schema{
        "wiring",
        "How the cards of a server are joined by chip links.",
        {
            word_key("recipe", "shape of the graph", kWiringWords).required().sourced(),
            key<int>("size", "cards; absent: what factors or sizes say, or all cards of the server")
                .between("1", "16384"),
            key<int>("sizes", "mesh, torus, hyperx: cards along each dimension, innermost first")
                .between("1", "16384")
                .list(),
            section_key("factors",
                        "product: what it is built from, innermost first; overlay: its layers; no effect on others",
                        wiring_schema)
                .list(),
            key<int>("links",
                     "chip links bonded into one edge; absent: 1, or all of a card behind icn_switch, its share of a "
                     "plane in switch_planes")
                .between("1", "1024")
                .sourced(),
            key<BytesPerSecond>("bandwidth", "raw, per direction, of one link; absent: the chip's")
                .between("1 MB/s", "100 TB/s")
                .sourced(),
            key<Picoseconds>("latency", "of one link; absent: the chip's").between("0 ns", "100 us").sourced(),
            key<bool>("wrap", "torus: which dimensions wrap around; absent: all").list(),
            key<int>("wrap_multiple",
                     "torus: only dimensions of a multiple of this wrap around: TPU v4, v5p and 7x 4, v5e and v6e 16")
                .between("1", "16384")
                .sourced(),
            key<bool>("twisted", "torus of sizes n and 2n: wrapping in n moves on by n in each 2n").sourced(),
            key<int>("group_size", "dragonfly: cards of a group").between("1", "16384").sourced(),
            key<int>("global_links", "dragonfly: links of a card to other groups").between("0", "1024").sourced(),
            key<int>("switches", "icn_switch: parallel switches, absent: 1; edges: numbers after those of the cards")
                .between("0", "16384")
                .sourced(),
            key<int>("switch_links", "icn_switch: links of a card to each switch; absent: dealt evenly")
                .between("1", "1024")
                .list(),
            key<int>("node_size", "switch_planes: cards behind one first-level switch").between("1", "16384").sourced(),
            key<int>("planes", "switch_planes: planes").between("1", "1024").sourced(),
            key<int>("upper_switches", "switch_planes: second-level switches of a plane")
                .between("1", "16384")
                .sourced(),
            key<int>("uplinks",
                     "switch_planes: links from a first- to a second-level switch; absent: as many as come from cards")
                .between("1", "1024")
                .sourced(),
            yaml_key("edges", "edges: [0, 1] or [0, 1, {links: 2, bandwidth: 50 GB/s, latency: 1 us}]").list(),
            key<std::string>("file", "edges: a GraphML file instead, beside this file"),
        }};
    return schema;
}

}  // namespace myriad
