//! The one function of ours that the engine calls: what comes of two rows meeting in a block.
//!
//! It is registered with whoever runs a linkage, with the scheduler and with every executor; an executor without it
//! could not do a part. Comparing and scoring are the crate `linkage`'s.

use crate::{
    row::{self, Row},
    values::{self, Values},
};
use arrow::{
    array::{Array, AsArray, BinaryArray, BinaryBuilder, UInt32Array},
    datatypes::{DataType, UInt32Type},
};
use datafusion::{
    error::{DataFusionError, Result},
    logical_expr::{
        ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility,
    },
    scalar::ScalarValue,
};
use linkage::{compare::Scratch, score::Edge};
use std::{
    hash::{Hash, Hasher},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

/// Its name in queries.
pub const NAME: &str = "daylight_meeting";

/// The function, for one process.
pub fn function() -> ScalarUDF {
    ScalarUDF::from(Meeting::new())
}

/// Values of a run, by the file they came from.
type Loaded = Option<(String, Arc<Values>)>;

/// `daylight_meeting(values file, record, record, row, row)`.
#[derive(Debug)]
struct Meeting {
    signature: Signature,
    loaded: Mutex<LoadedOnce>,
}

/// The values used last: one run's, as a machine has room for one.
#[derive(Default)]
struct LoadedOnce(Loaded);

impl std::fmt::Debug for LoadedOnce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "loaded" } else { "empty" })
    }
}

impl PartialEq for Meeting {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Meeting {}
impl Hash for Meeting {
    fn hash<H: Hasher>(&self, state: &mut H) {
        NAME.hash(state);
    }
}

impl Meeting {
    fn new() -> Self {
        use DataType::{Binary, UInt32, Utf8};
        let arguments = vec![Utf8, UInt32, UInt32, Binary, Binary];
        Self {
            // volatile, so that no optimiser evaluates it twice for one meeting
            signature: Signature::new(TypeSignature::Exact(arguments), Volatility::Volatile),
            loaded: Mutex::default(),
        }
    }

    fn values(&self, file: &str) -> Result<Arc<Values>> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((name, values)) = &loaded.0
            && name == file
        {
            return Ok(Arc::clone(values));
        }
        // the last run's go first: there may not be room for both
        loaded.0 = None;
        let values = Arc::new(values::load(Path::new(file)).map_err(DataFusionError::Execution)?);
        loaded.0 = Some((file.to_owned(), Arc::clone(&values)));
        Ok(values)
    }
}

impl ScalarUDFImpl for Meeting {
    fn name(&self) -> &str {
        NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let wrong = || DataFusionError::Execution(format!("{NAME}: called with what it does not take"));
        let [
            ColumnarValue::Scalar(ScalarValue::Utf8(Some(file))),
            left,
            right,
            x,
            y,
        ] = args.args.as_slice()
        else {
            return Err(wrong());
        };
        let numbers = |c: &ColumnarValue| {
            c.to_array(rows)
                .map(|a| a.as_primitive_opt::<UInt32Type>().cloned())
        };
        let bytes = |c: &ColumnarValue| c.to_array(rows).map(|a| a.as_binary_opt::<i32>().cloned());
        let (Some(left), Some(right)) = (numbers(left)?, numbers(right)?) else {
            return Err(wrong());
        };
        let (Some(x), Some(y)) = (bytes(x)?, bytes(y)?) else {
            return Err(wrong());
        };
        let values = self.values(file)?;
        let out = meetings(&values, &left, &right, &x, &y).ok_or_else(wrong)?;
        Ok(ColumnarValue::Array(Arc::new(out)))
    }
}

/// What comes of each meeting; nothing if a row is not one.
fn meetings(
    values: &Values,
    left: &UInt32Array,
    right: &UInt32Array,
    x: &BinaryArray,
    y: &BinaryArray,
) -> Option<BinaryArray> {
    let records = &values.records;
    let width = records.columns().count();
    let mut scratch = Scratch::new(records.fields.len(), 13);
    let (mut a, mut b) = (Vec::with_capacity(width), Vec::with_capacity(width));
    let mut out = BinaryBuilder::with_capacity(left.len(), left.len() * 2);
    for k in 0..left.len() {
        if [left.is_null(k), right.is_null(k), x.is_null(k), y.is_null(k)].contains(&true) {
            return None;
        }
        let (p, q) = (Row::read(x.value(k), width)?, Row::read(y.value(k), width)?);
        if p.met_before(q) {
            out.append_value(row::REPEATED);
            continue;
        }
        a.clear();
        b.clear();
        a.extend(p.codes());
        b.extend(q.codes());
        let scored = records
            .promising_rows(&a, &b, &mut scratch, &values.bounds)
            .map(|pattern| (pattern, values.scorer.score(pattern)));
        match scored.filter(|(_, weight)| *weight >= values.floor) {
            None => out.append_value(row::BELOW),
            #[expect(clippy::cast_possible_truncation, reason = "a score of a few tens of bits")]
            Some((pattern, weight)) => out.append_value(row::edge_bytes(&Edge {
                left: left.value(k),
                right: right.value(k),
                weight: weight as f32,
                pattern,
            })),
        }
    }
    Some(out.finish())
}
