#pragma once
// Accesses to other cards' memory on their way, and how their messages leave: a request and its answer. The network
// belongs to another floor, so who wires the two implements RemoteMessages.

#include "models/tile/block_access.h"
#include "sim/identity/card_id.h"

#include <tlm>

#include <cstdint>
#include <vector>

namespace myriad {

struct RemoteAccess {
    BlockAccess block;  // its address on the card that has it
    CardId asker{};
    CardId owner{};
    tlm::tlm_generic_payload* call = nullptr;  // null: a flag of a barrier, which nobody waits for
    std::uint64_t barrier = 0;
};

// Those of all cards, by number: a message carries the number.
class RemoteAccesses {
public:
    using Number = std::uint32_t;
    [[nodiscard]] Number take(const RemoteAccess& access) {
        if (free_.empty()) {
            free_.push_back(static_cast<Number>(all_.size()));
            all_.emplace_back();
        }
        const Number number = free_.back();
        free_.pop_back();
        all_[number] = access;
        return number;
    }
    [[nodiscard]] const RemoteAccess& at(Number number) const { return all_[number]; }
    void give_back(Number number) { free_.push_back(number); }
    [[nodiscard]] std::size_t under_way() const { return all_.size() - free_.size(); }

private:
    std::vector<RemoteAccess> all_;
    std::vector<Number> free_;
};

class RemoteMessages {
public:
    // The network calls RemoteGateway::on_request or on_answer of card `to` when the last byte is there.
    virtual void send_request(CardId from, CardId to, Bytes size, RemoteAccesses::Number access) = 0;
    virtual void send_answer(CardId from, CardId to, Bytes size, RemoteAccesses::Number access) = 0;

protected:
    ~RemoteMessages() = default;
};

// Told of flags that other cards have raised in this card's memory.
class FlagListener {
public:
    virtual void on_flag(std::uint64_t barrier) = 0;

protected:
    ~FlagListener() = default;
};

}  // namespace myriad
