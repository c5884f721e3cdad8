// Keys of server, fabric and cluster files: what joins cards.

#include "app/config_files/changes.h"
#include "app/config_files/schemas.h"
#include "app/config_files/words.h"

namespace myriad {
namespace {

const Schema& nics_schema() {
    static const Schema schema{
        "nics",
        "Scale-out NICs of a server; NIC n serves the n-th share of its cards.",
        {
            key<int>("count", "per server; 0: no scale-out").required().between("0", "16384").sourced(),
            key<int>("ports", "per NIC, each to another plane or ToR").required().between("1", "16").sourced(),
            key<BytesPerSecond>("port_bandwidth", "raw, per direction")
                .required()
                .between("1 MB/s", "10 TB/s")
                .sourced(),
            key<double>("efficiency", "share of the raw bandwidth left for payload")
                .required()
                .between("0.05", "1")
                .sourced(),
            key<Picoseconds>("latency", "of the NIC, on the way out and on the way in")
                .required()
                .between("0 ns", "100 us")
                .sourced(),
        }};
    return schema;
}

}  // namespace

const Schema& server_schema() {
    static const Schema schema =
        Schema{"server",
               "Cards, the links between them, and their NICs.",
               {
                   key<std::string>("name", "how results call it").by_file_name(),
                   key<std::string>("title", "name as people write it"),
                   reference_key("chip", "the card", chip_schema).required(),
                   key<int>("cards", "cards of one server").required().between("1", "16384").sourced(),
                   section_key("wiring", "links between the cards", wiring_schema).required(),
                   word_key("routing", "choice among equal paths of chip links", kServerRoutingWords)
                       .by_default("shortest"),
                   word_key("link_budget", "how a card's links relate to the wiring", kLinkBudgetWords)
                       .by_default("fixed")
                       .sourced(),
                   key<BytesPerSecond>("link_total",
                                       "raw bandwidth of all links of a card, both ways together; replaces that "
                                       "of the chip")
                       .between("1 MB/s", "100 TB/s")
                       .sourced(),
                   key<Picoseconds>("switch_latency", "of the chip-link switch, on top of its links")
                       .between("0 ns", "100 us")
                       .sourced(),
                   key<bool>(
                       "switch_reduction",
                       "its chip-link switches add and multicast (NVLink SHARP): what in_network needs; absent: they "
                       "forward only")
                       .sourced(),
                   section_key("nics", "scale-out; absent: none", nics_schema),
                   section_key("flow_control", "buffers behind links; absent: not known", server_flow_control_schema),
               }}
            .in_folder("servers")
            .require_sources();
    return schema;
}

const Schema& cluster_schema() {
    static const Schema schema =
        Schema{
            "cluster",
            "Servers of one kind and the network between them.",
            {
                key<std::string>("name", "how results call it").by_file_name(),
                key<std::string>("title", "name as people write it"),
                key<int>("servers", "number of servers").required().between("1", "65536").sourced(),
                reference_key("server", "the server", server_schema).required(),
                reference_key("fabric", "the network between servers; not needed for one server", fabric_schema),
                word_key("routing", "choice among equal paths of the fabric", kFabricRoutingWords).by_default("ecmp"),
                key<std::uint64_t>("routing_seed",
                                   "of the hash of ecmp and the draws of valiant, beside the seed of the scenario")
                    .by_default("1"),
                word_key("ecmp_hash", "what the switches of the fabric hash by", kEcmpHashWords)
                    .by_default("per_switch"),
                word_key("valiant", "how often valiant draws", kValiantWords).by_default("pair"),
                section_key("overrides", "links and cards that differ from the start", override_schema).list(),
                section_key("faults", "links and cards that get worse, from some time on", fault_schema).list(),
            }}
            .in_folder("clusters")
            .require_sources();
    return schema;
}

}  // namespace myriad
