#pragma once
// Messages of all cards as their cards' HBM sees them: from the moment a message is posted it is read at the one card
// and written at the other, at the speed of the ports that it leaves by. Where HBM is short at either end, its arrival
// is held back until both ends have had the time that the network alone took.

#include "models/ppu/card_share.h"
#include "sim/identity/card_id.h"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace myriad {

class TrafficShares final : private HeldMessages {
public:
    explicit TrafficShares(const Agenda& agenda) : agenda_(agenda) {}

    // `ports`: bandwidth of each port, one direction. `share` must outlive this.
    // `share` null: an end that is never short of anything, a switch that adds.
    void add_end(CardId end, CardShare* share, const std::vector<BytesPerSecond>& ports);

    // `message` leaves its card now. `extra`: bytes of HBM that a byte costs where it arrives, beyond its being written.
    void post(const Message& message, int extra);
    // The network has brought all of it. True: it is here; false: it is held back, and its client is told later.
    [[nodiscard]] bool arrive(Message& message);

    // As it was posted.
    [[nodiscard]] int extra(const Message& message) const { return flights_.at(&message).extra; }
    [[nodiscard]] std::size_t in_flight() const noexcept { return flights_.size(); }

private:
    // When the bytes posted so far would be through, in real time and on the clock of their direction. The clock falls
    // behind while HBM is short, and what is posted then stands behind more than the network knows of.
    struct Queue {
        double real = 0.0;  // picoseconds
        double clock = 0.0;
        // What the clock has before it beyond real time; then adds work of `time`.
        double lag_and_add(double now, double clock_now, double time);
    };
    struct Port {
        double rate = 0.0;  // byte/s
        int use = 0;        // messages that leave by it
        Queue queue;
    };
    struct Card {
        CardShare* share = nullptr;
        std::vector<Port> ports;
        Queue incoming;  // of all ports together
    };
    struct Flight {
        double out_clock = 0.0;  // when it begins on the clock of each end
        double in_clock = 0.0;
        double wire = 0.0;  // byte/s of the ports that it leaves by
        int extra = 0;
        [[nodiscard]] double factor() const { return 1.0 + extra; }  // HBM bytes a byte where it arrives
        TimePoint arrived{};
    };
    void on_reached(Message& message, bool outgoing) override;
    [[nodiscard]] bool sender_reached(Message& message, const Flight& flight);
    void finish(Message& message, const Flight& flight);
    [[nodiscard]] Card& card(CardId id) { return cards_[index(id)]; }

    const Agenda& agenda_;
    std::vector<Card> cards_;
    // Looked up, never walked: its order reaches no result.
    std::unordered_map<const Message*, Flight> flights_;
};

}  // namespace myriad
