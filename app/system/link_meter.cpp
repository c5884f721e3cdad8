// A link of the packet level fixes the start of a packet when it takes it, one after the other without a gap, so at a
// moment it has still to send what lies between that moment and its end. Bytes over a rate in double precision: a
// picosecond in a hundred minutes.

#include "app/system/link_meter.h"

#include <algorithm>
#include <utility>

namespace myriad {
namespace {

class PacketMeter final : public LinkMeter {
public:
    PacketMeter(const Topology& topology, const PacketFabric& fabric, const PacketFaults* faults) {
        for (std::uint32_t e = 0; e < topology.edges.size(); ++e) {
            for (std::uint8_t d = 0; d < 2; ++d) {
                links_.push_back(&fabric.link(EdgeId{e}).direction(d).model());
                changing_.push_back(faults != nullptr ? faults->direction({EdgeId{e}, d}) : nullptr);
            }
        }
    }

    std::uint64_t read(TimePoint at, std::vector<Picoseconds>& busy) const override {
        busy.resize(links_.size());
        for (std::size_t l = 0; l < links_.size(); ++l) {
            const LinkModel& link = *links_[l];
            const std::int64_t bytes = link.stats().bytes.count();
            if (bytes == 0) {
                continue;
            }
            const Picoseconds taken =
                changing_[l] != nullptr
                    ? changing_[l]->busy()
                    : Picoseconds{static_cast<std::int64_t>(static_cast<double>(bytes) * 1e12 /
                                                            static_cast<double>(link.bandwidth().count()))};
            const Picoseconds left = std::max(link.free_at() - at, Picoseconds{0});
            busy[l] = std::max(busy[l], taken - left);
        }
        return links_.size();
    }
    // A hop takes about as long as looking at ten links: looking stays within three percent.
    [[nodiscard]] std::uint64_t allowance(std::uint64_t records) const override { return kFree + records / 4; }

private:
    static constexpr std::uint64_t kFree = 4'000'000;
    std::vector<const LinkModel*> links_;
    std::vector<const ChangingDirection*> changing_;  // null: it never does
};

class FlowMeter final : public LinkMeter {
public:
    FlowMeter(const Topology& topology, BytesUntil bytes) : bytes_(std::move(bytes)) {
        for (const Edge& edge : topology.edges) {
            const BytesPerSecond bandwidth = topology.link_classes[edge.link_class].bandwidth;
            bandwidth_.insert(bandwidth_.end(), 2, bandwidth);
        }
    }

    std::uint64_t read(TimePoint at, std::vector<Picoseconds>& busy) const override {
        std::uint64_t steps = 0;
        const std::vector<Bytes> bytes = bytes_(at, steps);
        busy.resize(bytes.size());
        for (std::size_t l = 0; l < bytes.size(); ++l) {
            if (bytes[l].count() > 0) {
                busy[l] = Picoseconds{static_cast<std::int64_t>(static_cast<double>(bytes[l].count()) * 1e12 /
                                                                static_cast<double>(bandwidth_[l].count()))};
            }
        }
        return steps + bytes.size();
    }
    // A change of rates costs far more than a hop of a packet.
    [[nodiscard]] std::uint64_t allowance(std::uint64_t records) const override { return kFree + 8 * records; }

private:
    static constexpr std::uint64_t kFree = 12'000'000;
    BytesUntil bytes_;
    std::vector<BytesPerSecond> bandwidth_;  // by directed link, as at the start of the run
};

}  // namespace

std::unique_ptr<LinkMeter> make_packet_meter(const Topology& topology, const PacketFabric& fabric,
                                             const PacketFaults* faults) {
    return std::make_unique<PacketMeter>(topology, fabric, faults);
}

std::unique_ptr<LinkMeter> make_flow_meter(const Topology& topology, BytesUntil bytes) {
    return std::make_unique<FlowMeter>(topology, std::move(bytes));
}

}  // namespace myriad
