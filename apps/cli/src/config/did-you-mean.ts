export { didYouMean } from "@glovebox/core/text";
