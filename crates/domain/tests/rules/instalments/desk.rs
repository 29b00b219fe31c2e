//! A chain with a member, a package, a gateway that does as it is told, and a clock that may jump.

use std::sync::Arc;

use domain::attempt::{AttemptState, CallVerb, Next};
use domain::club::charge::{ChargeDue, TryWith};
use domain::club::contract::{Contract, Instalment};
use domain::club::life::Calendar;
use domain::club::{
    Chain, ClubStore, ContractWish, Date, Door, InstallmentPlan, Interval, Member, Package,
    SellContract,
};
use domain::facts::Halt;
use domain::idempotency::Marks;
use domain::ids::{ClubStoreId, ContractId, MemberId, PackageId, PlanId, SaleId};
use domain::money::Currency;
use domain::phone::SavedToken;
use domain::profile::{
    AddProfile, ImportProfile, NewProfile, PROFILE_TOKEN_FOR, ProfileOwner, ProfileTokenUse,
};
use domain::record::Aggregate;
use domain::sale::{Advance, AdvanceEvent, Buyer, Goods, ReviewSale, Sale, SaleState, Verdict};
use domain::time::{Span, Timestamp};
use domain::token::Secret;

use crate::common::{Club, SHARD, Till, note, resumable};
use crate::split::model::{Model, Mood};

const STORE: ClubStoreId = ClubStoreId(3);
const MEMBER: MemberId = MemberId(1);
const GOLD: PackageId = PackageId(41);
const MONTHLY: PlanId = PlanId(51);

/// The most calls of one loop.
const STEPS_MAX: usize = 400;

/// See the module.
pub(super) struct Desk {
    pub(super) till: Till,
    pub(super) gateway: Model,
    secrets: u8,
}

impl Desk {
    /// A chain whose package costs 100.00 a year before tax, in 12 payments, again and again if the
    /// plan is evergreen.
    pub(super) fn new(is_evergreen: bool) -> Desk {
        let mut till = Club::new().till;
        put(&mut till, Chain { shard: SHARD, active: true });
        put(&mut till, store());
        let now = till.now;
        put(&mut till, member(now));
        put(&mut till, package(is_evergreen));
        let mut desk = Desk { till, gateway: Model::default(), secrets: 0 };
        desk.bring_card();
        desk
    }

    /// The member puts a new card on file and prefers it.
    pub(super) fn bring_card(&mut self) {
        self.secrets = self.secrets.wrapping_add(1);
        let new = NewProfile {
            owner: ProfileOwner::Member(MEMBER),
            gateway: resumable().name,
            token: SavedToken(format!("sandbox_multi_{}", self.secrets)),
            mask: "424242******4242".into(),
            last_month: None,
            // The same card again takes the place of the one before.
            fingerprint: Some(1),
            temporary: false,
            secret: Secret([self.secrets; 16]),
        };
        let profile = self.till.run(&AddProfile { shard: SHARD, new }).unwrap();
        let expires_at = self.till.now.after(PROFILE_TOKEN_FOR);
        let request = u128::from(profile.id.0);
        let (id, secret) = (profile.id, profile.secret);
        let token = ProfileTokenUse { id, secret, expires_at, request };
        let (member, keeps_preference) = (Some(MEMBER), false);
        let import = ImportProfile { shard: SHARD, member, token, keeps_preference, note: note() };
        self.till.run(&import).unwrap();
    }

    /// Sells the package from `start` on; the first payment is charged at once where it begins
    /// today.
    pub(super) fn sell(&mut self, start: &str, today: &str) -> ContractId {
        self.till.now = noon(day(today));
        let wish = ContractWish {
            shard: SHARD,
            store: STORE,
            member: MEMBER,
            package: GOLD,
            plan: None,
            start: Some(day(start)),
            today: day(today),
            promo: None,
            staff: None,
        };
        let placed = self.till.run(&SellContract {
            wish,
            door: Door::Member,
            amount_seen: None,
            methods: None,
            end_user_address: None,
            gateways: vec![resumable()],
            buyer: Buyer::default(),
            secret: Secret([5; 16]),
            marks: Marks::default(),
        });
        let placed = placed.unwrap();
        let Goods::Contract { contract } = placed.sale.goods else { panic!("{placed:?}") };
        self.drive(placed.next, &mut |_| Some(Mood::Answer));
        contract
    }

    /// The loop of the till. `mood` says what happens to each call; `None` kills the program.
    pub(super) fn drive(
        &mut self,
        mut next: Next,
        mood: &mut dyn FnMut(&CallVerb) -> Option<Mood>,
    ) {
        for _ in 0..STEPS_MAX {
            let (sale, event) = match next {
                Next::Mark(call) => (call.sale, AdvanceEvent::Marked(call.attempt)),
                Next::Call(call) => {
                    let Some(mood) = mood(&call.verb) else { return };
                    let result = self.gateway.perform(&call, mood);
                    (call.sale, AdvanceEvent::Result(call.attempt, result))
                }
                Next::Wait(_) | Next::Done => return,
            };
            next = self.advance(sale, event);
        }
        panic!("calls without a pause");
    }

    pub(super) fn advance(&mut self, sale: SaleId, event: AdvanceEvent) -> Next {
        self.till.run(&Advance { shard: SHARD, sale, partner: None, event }).unwrap().next
    }

    /// A person finds out about everything of a sale that is in doubt.
    pub(super) fn find_out(&mut self, sale: SaleId) {
        while let Some(attempt) = self.doubt(sale) {
            let moved = self.gateway.find_out(&attempt.key);
            let verdict = if moved { Verdict::Moved("ref".into()) } else { Verdict::NotMoved };
            let (shard, partner, payment, note) = (SHARD, None, Some(attempt.key), None);
            let review = ReviewSale { shard, sale, partner, payment, verdict, note };
            let reviewed = self.till.run(&review);
            self.drive(reviewed.unwrap().next, &mut |_| Some(Mood::Answer));
        }
    }

    fn doubt(&self, sale: SaleId) -> Option<domain::attempt::Attempt> {
        let mut attempts = self.sale(sale).attempts.iter();
        attempts.find(|attempt| attempt.state == AttemptState::Review).cloned()
    }

    /// A worker looks at the contract; `None` when nothing was begun.
    pub(super) fn look(&mut self, contract: ContractId) -> Option<(Arc<Sale>, Next)> {
        self.look_on(contract, self.calendar())
    }

    pub(super) fn look_on(
        &mut self,
        contract: ContractId,
        calendar: Calendar,
    ) -> Option<(Arc<Sale>, Next)> {
        let with = self.with();
        self.till.run(&ChargeDue { shard: SHARD, contract, calendar, with }).unwrap()
    }

    pub(super) fn with(&self) -> TryWith {
        let (gateways, secret) = (vec![resumable()], Secret([6; 16]));
        TryWith { gateways, secret, buyer: Buyer::default() }
    }

    /// The calendar of a store by UTC.
    pub(super) fn calendar(&self) -> Calendar {
        let opening = Span::hours(6);
        let today = i32::try_from(self.till.now.before(opening).day()).unwrap();
        let tomorrow_at = noon(Date::of_days(today + 1)).before(opening);
        Calendar { today: Date::of_days(today), tomorrow_at }
    }

    pub(super) fn contract(&self, id: ContractId) -> &Contract {
        self.till.find(Contract::key_of(SHARD, id)).unwrap()
    }

    pub(super) fn instalment(&self, id: ContractId, number: u16) -> &Instalment {
        self.contract(id).instalment(number).unwrap()
    }

    pub(super) fn sale(&self, id: SaleId) -> &Sale {
        self.till.find(Sale::key_of(SHARD, id)).unwrap()
    }

    /// The payments that sales have paid, by their numbers, with how much.
    pub(super) fn paid(&self) -> Vec<(u16, i64)> {
        let issued = self.till.all::<Sale>().filter(|sale| sale.state == SaleState::Issued);
        let mut paid: Vec<_> = issued
            .filter_map(|sale| match sale.goods {
                Goods::Instalment { number, .. } => Some((number, sale.total)),
                _ => None,
            })
            .collect();
        paid.sort_unstable();
        paid
    }

    /// Goes to noon of a day.
    pub(super) fn on(&mut self, text: &str) {
        self.till.now = noon(day(text));
    }

    /// Looks, and lets the gateway treat what is begun so; false when nothing was begun.
    pub(super) fn charge(&mut self, contract: ContractId, mood: Mood) -> bool {
        let Some((_, next)) = self.look(contract) else { return false };
        let mut moods = vec![mood];
        self.drive(next, &mut |_| Some(moods.pop().unwrap_or(Mood::Answer)));
        true
    }

    pub(super) fn run<C: domain::facts::Command>(
        &mut self,
        command: &C,
    ) -> Result<C::Outcome, Halt> {
        self.till.run(command)
    }
}

pub(super) fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub(super) fn noon(day: Date) -> Timestamp {
    Timestamp::from_seconds(i64::from(day.days_since_1970()) * 86_400 + 12 * 3_600)
}

fn put<A: Aggregate>(till: &mut Till, aggregate: A) {
    till.records.insert(aggregate.key(), A::into_record(Arc::new(aggregate)));
}

fn store() -> ClubStore {
    ClubStore {
        shard: SHARD,
        id: STORE,
        slug: "north".into(),
        name: "North".into(),
        active: true,
        time_zone: "UTC".into(),
        currency: Currency::parse("EUR").unwrap(),
        jurisdiction: "IS".into(),
    }
}

fn member(now: Timestamp) -> Member {
    Member {
        shard: SHARD,
        id: MEMBER,
        store: STORE,
        name: "Anna Gestsdóttir".into(),
        email: Some("anna@example.org".into()),
        phone: None,
        external_id: None,
        active: true,
        promos_used: Vec::new(),
        created_at: now,
        changed_at: now,
    }
}

fn package(is_evergreen: bool) -> Package {
    let plan = InstallmentPlan {
        id: MONTHLY,
        slug: "monthly".into(),
        name: "Monthly".into(),
        is_default: true,
        payments: 12,
        interval: Interval::Months(1),
        down_payment: None,
        pay_today: false,
        is_evergreen,
        profile_required: true,
    };
    Package {
        shard: SHARD,
        id: GOLD,
        slug: "gold".into(),
        name: "Gold".into(),
        active: true,
        sale: None,
        stores: Vec::new(),
        price: 10_000,
        currency: Currency::parse("EUR").unwrap(),
        tax_basis_points: 2_400,
        fees: Vec::new(),
        plans: vec![plan],
    }
}
