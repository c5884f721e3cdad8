#pragma once
// What travels over the sockets of a live card beside address, command and length: the block that the access belongs to,
// and who asked. An address carries the card that it lies on in its high bits; 0 there: the card itself.

#include "models/tile/block_access.h"
#include "sim/identity/card_id.h"

#include <tlm>

namespace myriad {

inline constexpr int kCardShift = 44;  // 16 TiB a card
inline constexpr std::uint64_t kLocalMask = (std::uint64_t{1} << kCardShift) - 1;

[[nodiscard]] constexpr bool is_remote(std::uint64_t address) { return address >> kCardShift != 0; }
[[nodiscard]] constexpr std::uint64_t address_on(CardId card, std::uint64_t local) {
    return std::uint64_t{index(card) + 1} << kCardShift | local;
}
[[nodiscard]] constexpr CardId card_of(std::uint64_t address) {
    return CardId{static_cast<std::uint32_t>(address >> kCardShift) - 1};
}

struct LiveAccess final : tlm::tlm_extension<LiveAccess> {
    BlockAccess block;
    std::size_t input = 0;     // of the on-chip network, where it came in
    std::uint64_t ticket = 0;  // of the core
    TimePoint settled{};       // answer of a write: when HBM had taken all of it in

    tlm::tlm_extension_base* clone() const override { return new LiveAccess(*this); }
    void copy_from(const tlm::tlm_extension_base& other) override { *this = static_cast<const LiveAccess&>(other); }
};

// A payload that keeps its extension for life: making either allocates.
struct LivePayload {
    tlm::tlm_generic_payload payload;
    LiveAccess access;

    LivePayload() { payload.set_extension(&access); }
    ~LivePayload() { payload.clear_extension(&access); }
    LivePayload(const LivePayload&) = delete;
    LivePayload& operator=(const LivePayload&) = delete;

    void fill(const BlockAccess& block) {
        access.block = block;
        access.settled = {};
        payload.set_command(block.write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
        payload.set_address(block.address);
        payload.set_data_length(static_cast<unsigned>(block.bytes.count()));
        payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    }
};

[[nodiscard]] inline LiveAccess& access_of(tlm::tlm_generic_payload& payload) {
    return *payload.get_extension<LiveAccess>();
}

}  // namespace myriad
