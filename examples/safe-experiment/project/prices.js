export function total(items) {
  let sum = 0;
  for (const item of items) sum = sum + item.price * item.count;
  return sum;
}
