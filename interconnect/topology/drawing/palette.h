#pragma once
// Colours of the pictures, chosen to stay apart for colour-blind readers (Okabe and Ito's hues, lightened for fills).

#include "interconnect/topology/topology.h"

#include <string_view>

namespace myriad {

struct Colours {
    std::string_view fill;
    std::string_view stroke;
};

[[nodiscard]] constexpr Colours colours_of(NodeKind kind) {
    switch (kind) {
        case NodeKind::card:
            return {"#d6e8f7", "#0072b2"};
        case NodeKind::icn_switch:
            return {"#f3dcea", "#cc79a7"};
        case NodeKind::pcie_switch:
            return {"#ececec", "#6e7781"};
        case NodeKind::nic:
            return {"#fde9c9", "#c27c00"};
        case NodeKind::ethernet_switch:
            return {"#d3efe5", "#009e73"};
    }
    return {"#ffffff", "#000000"};
}

inline constexpr std::string_view kIcnColour = "#0072b2";
inline constexpr std::string_view kOuterColour = "#9cc3e4";  // chip links of outer dimensions
inline constexpr std::string_view kPcieColour = "#6e7781";
inline constexpr std::string_view kFabricColour = "#009e73";
inline constexpr std::string_view kQuietText = "#57606a";

}  // namespace myriad
