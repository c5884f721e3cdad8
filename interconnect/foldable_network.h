#pragma once
// A network in which cards that do the same in the same surroundings are simulated once.
//
// How to use it: create every communicator of every card; say what will be called and sent; fold(); from then on run the
// programs of the representatives only, and let them speak of their own groups and peers as ever. What happens to a
// representative happens to every card of its class, at the same picosecond (interconnect/folding/refinement.h says why).
//
// What the caller promises for cards of one program number:
//   - their programs are the same up to the names of groups and peers, and their cards compute at the same speed: the
//     k-th communicator that was created with a card plays the same role in all of them, and so does the n-th message
//     of a kind and size that a card was said to send;
//   - tags of messages are the same too, so they name no card;
//   - what a program does depends on times, not on the order in which things end that end at one instant.

#include "interconnect/network.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace myriad {

struct Folding {
    bool folded = false;
    std::string why_not;                     // empty where folded
    std::size_t classes = 0;                 // that were found, also where they are too many to be worth it
    std::vector<std::uint32_t> class_of;     // by card
    std::vector<CardId> representatives;     // by class: its first card
    std::vector<std::int64_t> multiplicity;  // by class: its cards
};

class FoldableNetwork : public Network {
public:
    // Every distinct call that the group will make; before fold().
    virtual void will_call(CommunicatorId communicator, const CollectiveCall& call) = 0;
    // Every message point to point: once for each pair, size and kind. `kind` tells messages of different roles apart
    // (activations to the next stage, gradients to the one before); before fold().
    virtual void will_send(CardId from, CardId to, Bytes size, std::uint64_t kind) = 0;
    // Once, after all of these. Where it does not fold every card represents itself, and everything runs.
    virtual const Folding& fold(std::span<const std::uint32_t> program_of_card) = 0;
};

}  // namespace myriad
