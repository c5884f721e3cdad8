#pragma once
// What links and ranks did over a run, made small enough to be drawn: activity.json and the figures of reports. Plain data.
// Utilisation is time busy / time, of one direction of a link, 0 to 1.

#include "sim/units/units.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

// Links of one tier that belong together: those inside and out of a server, those of a segment, of a switch.
struct ActivityCell {
    std::string name;        // "server 3", "servers 4-7"
    std::int64_t links = 0;  // directed
    double mean = 0.0;
    double most = 0.0;
    std::string busiest;  // "server3.card0 -> server3.card1"; empty: none carried anything
};

struct ActivityTier {
    std::string name;  // the class of its links: "icn"
    std::string title;
    std::int64_t links = 0;    // directed, idle ones included
    BytesPerSecond bandwidth;  // of one direction of a link, as built
    double mean = 0.0;
    double most = 0.0;
    std::vector<ActivityCell> cells;
};

struct ActivityNode {
    std::string name;
    std::string kind;
    std::int64_t server = -1;  // -1: in none
    std::int64_t tier = 0;     // 0 cards, 1 inside a server, 2 first switches of the fabric ...
};

struct ActivityLink {
    std::size_t a = 0;  // index of a node
    std::size_t b = 0;
    std::string link_class;
    BytesPerSecond bandwidth;
    double ab = 0.0;
    double ba = 0.0;
};

struct TopologyActivity {
    std::int64_t cards = 0;
    std::int64_t servers = 0;
    std::vector<ActivityTier> tiers;
    std::vector<ActivityNode> nodes;  // of small clusters only, like the links
    std::vector<ActivityLink> links;
};

// Values by bucket. The last bucket ends with the run.
struct ClassSeries {
    std::string name;
    std::int64_t links = 0;         // directed
    std::vector<Picoseconds> busy;  // of all links together: adds up to what links.csv says
    std::vector<double> mean;
    std::vector<double> most;
};
struct LinkSeries {
    std::string from;
    std::string to;
    std::string link_class;
    std::vector<double> use;
};
struct LinksOverTime {
    Picoseconds bucket{};
    std::vector<ClassSeries> classes;
    std::vector<LinkSeries> busiest;
};

struct ActivityLabel {
    std::string name;  // "mlp_up"
    std::string kind;  // "compute"
};
struct ActivitySlice {
    Picoseconds start{};
    Picoseconds duration{};
    std::size_t label = 0;
};
struct ActivityLane {
    std::string name;
    std::vector<ActivitySlice> slices;  // in order of time; they do not overlap
};
struct ActivityRow {
    std::int64_t rank = 0;
    std::int64_t card = 0;
    std::string name;  // "tp 0, dp 0, pp 1"
    std::vector<ActivityLane> lanes;
};
struct RankActivity {
    std::vector<ActivityLabel> labels;
    Picoseconds resolution{};  // shorter slices are drawn together with their neighbours; 0: all are there
    std::vector<ActivityRow> rows;
};

struct Activity {
    Picoseconds elapsed{};
    TopologyActivity topology;
    std::optional<LinksOverTime> over_time;
    std::string no_series;  // why there is none
    RankActivity ranks;
};

}  // namespace myriad
