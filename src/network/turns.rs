//! What happens to transfers under way, besides that they end: links change, transfers take another route, begin again,
//! or are called off.

use super::class::Sent;
use super::sharing::RouteId;
use super::transfers::Transfers;
use crate::model::LinkId;
use crate::units::{ByteRate, Time};
use std::collections::BinaryHeap;

impl<T: Copy> Transfers<T> {
    /// Changes the capacity of a link from `now` on. Transfers on a link of no capacity stand still.
    pub fn set_capacity(&mut self, now: Time, link: LinkId, capacity: ByteRate) {
        self.move_to(now);
        self.sharing.set_capacity(link, capacity);
        self.unsolved = true;
    }

    /// Moves all transfers of a route to another one from `now` on, with the bytes they still have to send. Those whose
    /// latency has not passed keep the instant at which it will. O(transfers of the route x log).
    pub fn reroute(&mut self, now: Time, from: RouteId, to: RouteId) {
        self.move_to(now);
        if from == to {
            return;
        }
        let mut waiting = std::mem::take(&mut self.waiting).into_vec();
        for transfer in waiting.iter_mut().filter(|transfer| transfer.route == from) {
            transfer.route = to;
        }
        self.waiting = BinaryHeap::from(waiting);
        self.population[to.index()] += std::mem::take(&mut self.population[from.index()]);
        let members = self.classes.leave(from.index(), now);
        if members.is_empty() {
            return;
        }
        for member in members {
            self.classes.join(to.index(), now, member);
        }
        self.count_members(from);
        self.count_members(to);
    }

    /// All transfers of a route begin again at `now`: what they have sent is lost. O(transfers of the route x log).
    pub fn restart(&mut self, now: Time, route: RouteId) {
        self.move_to(now);
        let members = self.classes.leave(route.index(), now);
        if members.is_empty() {
            return;
        }
        for member in members {
            self.lost.add(member.bytes as f64 - member.remaining);
            self.classes.join(route.index(), now, Sent { remaining: member.bytes as f64, ..member });
        }
        self.count_members(route);
    }

    /// Calls a transfer off: what it has sent is lost. Whether it was under way on this route. O(transfers of the route).
    pub fn cancel(&mut self, now: Time, route: RouteId, token: T) -> bool
    where
        T: PartialEq,
    {
        self.move_to(now);
        let mut waiting = std::mem::take(&mut self.waiting).into_vec();
        let place = waiting.iter().position(|transfer| transfer.route == route && transfer.token == token);
        let bytes = match place {
            Some(place) => Some(waiting.swap_remove(place).bytes),
            None => self.cancel_sending(now, route, token),
        };
        self.waiting = BinaryHeap::from(waiting);
        if let Some(bytes) = bytes {
            self.in_flight -= 1;
            self.population[route.index()] -= 1;
            self.cancelled += u128::from(bytes);
        }
        bytes.is_some()
    }

    /// Calls a transfer off whose bytes have begun to move; how many they are in all.
    fn cancel_sending(&mut self, now: Time, route: RouteId, token: T) -> Option<u64>
    where
        T: PartialEq,
    {
        if !self.classes.holds(route.index(), token) {
            return None;
        }
        let mut bytes = None;
        for member in self.classes.leave(route.index(), now) {
            if bytes.is_none() && member.token == token {
                bytes = Some(member.bytes);
                self.lost.add(member.bytes as f64 - member.remaining);
            } else {
                self.classes.join(route.index(), now, member);
            }
        }
        self.count_members(route);
        bytes
    }
}
