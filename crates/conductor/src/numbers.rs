//! Flat forms: records as plain numbers, in the order in which their fields are written down. One list makes the struct, its
//! layout and both directions, so that they cannot differ; a test compares the layout with `schema.json`.

/// One field as a number. Ints and bools are Python ints, the rest floats.
pub(crate) trait Number: Sized {
    /// Whether it is an int in Python.
    const INT: bool;
    /// As a number.
    fn number(&self) -> f64;
    /// What a number stands for; none if for nothing.
    fn of(number: f64) -> Option<Self>;
}

/// The largest whole number up to which a float holds every one.
const MOST_EXACT: u64 = 1 << 53;

fn whole(number: f64, most: u64) -> Option<u64> {
    let is_whole = number.fract() == 0.0 && number >= 0.0 && number <= most as f64;
    is_whole.then_some(number as u64)
}

macro_rules! unsigned {
    ($($type:ty: $most:expr),*) => {$(
        impl Number for $type {
            const INT: bool = true;
            fn number(&self) -> f64 {
                (*self).min($most) as f64
            }
            fn of(number: f64) -> Option<Self> {
                whole(number, $most as u64)?.try_into().ok()
            }
        }
    )*};
}

unsigned!(u8: u8::MAX, u32: u32::MAX, u64: MOST_EXACT);

impl Number for f64 {
    const INT: bool = false;
    fn number(&self) -> f64 {
        *self
    }
    fn of(number: f64) -> Option<Self> {
        number.is_finite().then_some(number)
    }
}

impl Number for bool {
    const INT: bool = true;
    fn number(&self) -> f64 {
        f64::from(u8::from(*self))
    }
    fn of(number: f64) -> Option<Self> {
        Some(whole(number, 1)? == 1)
    }
}

/// Nobody is -1.
impl Number for Option<u8> {
    const INT: bool = true;
    fn number(&self) -> f64 {
        self.map_or(-1.0, f64::from)
    }
    fn of(number: f64) -> Option<Self> {
        match number == -1.0 {
            true => Some(None),
            false => u8::of(number).map(Some),
        }
    }
}

/// An enum whose variants are the numbers from 0 on.
macro_rules! numbered {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            const ALL: &[Self] = &[$(Self::$variant),*];
            /// The names of the variants, for the test of the schema.
            #[cfg(test)]
            pub(crate) const NAMES: &[&str] = &[$(stringify!($variant)),*];
        }

        impl $crate::numbers::Number for $name {
            const INT: bool = true;
            fn number(&self) -> f64 {
                f64::from(*self as u8)
            }
            fn of(number: f64) -> Option<Self> {
                let index: u8 = $crate::numbers::Number::of(number)?;
                Self::ALL.get(usize::from(index)).copied()
            }
        }
    };
}

/// A struct whose fields are numbers, and what may follow them.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty,)* }
        $($(#[$more_doc:meta])* + $more:ident: $more_type:ty)?) => {
        $(#[$meta])*
        pub struct $name {
            $($(#[$doc])* pub $field: $type,)*
            $($(#[$more_doc])* pub $more: $more_type,)?
        }

        impl $name {
            /// The names of the fields that are numbers, in order, and whether each is an int.
            pub(crate) const FIELDS: &[(&str, bool)] =
                &[$((stringify!($field), <$type as $crate::numbers::Number>::INT)),*];

            fn write(&self, numbers: &mut Vec<f64>) {
                $(numbers.push($crate::numbers::Number::number(&self.$field));)*
            }

            fn read(numbers: &mut impl Iterator<Item = f64>) -> Option<Self> {
                Some(Self {
                    $($field: $crate::numbers::Number::of(numbers.next()?)?,)*
                    $($more: Default::default(),)?
                })
            }
        }
    };
}

pub(crate) use {numbered, record};

/// A bit for each field that is an int, from the bit `first` on.
pub(crate) fn bits(fields: &[(&str, bool)], first: u32) -> u64 {
    let bits = fields.iter().zip(first..);
    bits.filter(|((_, is_int), _)| *is_int)
        .fold(0, |all, (_, bit)| all | 1 << bit)
}
