// Keys of what is not as built, and of the order in which ranks take cards.

#include "app/config_files/changes.h"
#include "app/config_files/words.h"

namespace myriad {
namespace {

// What a change applies to: exactly one of these.
std::vector<SchemaKey> target_keys() {
    return {
        key<std::string>("link",
                         "links by name, 'server0.card0-server0.card1', `*` for any characters; of parallel links "
                         "all, or one as 'leaf0-spine1#2'"),
        key<std::string>("class", "all links of a class: icn, pcie, nic_tor, as `myriad topology` lists them"),
        key<std::string>("card", "cards by name, 'server3.card5' or 'server3.*'"),
        key<std::string>("node", "switches and NICs by name, 'plane0.agg7': all their links"),
    };
}

std::vector<SchemaKey> with_target(std::vector<SchemaKey> keys) {
    std::vector<SchemaKey> all = target_keys();
    all.insert(all.end(), std::make_move_iterator(keys.begin()), std::make_move_iterator(keys.end()));
    return all;
}

SchemaKey bandwidth() {
    return key<BytesPerSecond>("bandwidth", "of links: what payload gets, per direction").between("1 MB/s", "100 TB/s");
}
SchemaKey bandwidth_factor() {
    return key<double>("bandwidth_factor",
                       "of links: share of the bandwidth as built; of faults at a time: of that at the start")
        .between("0.000001", "1");
}
SchemaKey compute_factor() {
    return key<double>("compute", "of cards: share of the compute speed as built").between("0.001", "1");
}
SchemaKey hbm_factor() {
    return key<double>("hbm", "of cards: share of the HBM bandwidth as built; not at card level tile")
        .between("0.001", "1");
}

}  // namespace

const Schema& override_schema() {
    static const Schema schema{
        "override", "Links or cards that differ from the others from the start.",
        with_target({
            key<bool>("down", "out of service: routes avoid it, a card takes no rank").by_default("false"),
            bandwidth(),
            bandwidth_factor(),
            key<Picoseconds>("latency", "of links: first bit sent to first bit received, forwarding included")
                .between("0 ns", "1 s"),
            compute_factor(),
            hbm_factor(),
        })};
    return schema;
}

const Schema& fault_schema() {
    static const Schema schema{
        "fault", "Links or cards that get worse, from the start or during the run.",
        with_target({
            key<Picoseconds>("at", "simulated time; 0: from the start").by_default("0 ns").between("0 ns", "1000 s"),
            key<bool>("down", "out of service from then on; cards: from the start only").by_default("false"),
            key<bool>("up", "of links: back in service from then on").by_default("false"),
            key<Picoseconds>("detection",
                             "of links that go down or up at a time: until routes follow, and until what was lost is "
                             "sent again; 0: known at once")
                .by_default("0 ns")
                .between("0 ns", "100 s"),
            bandwidth(),
            bandwidth_factor(),
            compute_factor(),
            hbm_factor(),
        })};
    return schema;
}

const Schema& placement_schema() {
    static const Schema schema{
        "placement",
        "Which card each rank runs on; cards that are down are left out.",
        {
            word_key("order", "in which ranks take cards", kPlacementWords).by_default("packed"),
            key<std::uint64_t>("seed", "random: beside the seed of the scenario").by_default("1"),
            key<std::string>("cards", "listed: numbers and ranges, '12' or '0-7', rank by rank").list(),
        }};
    return schema;
}

}  // namespace myriad
