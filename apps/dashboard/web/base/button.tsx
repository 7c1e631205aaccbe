import type { ButtonHTMLAttributes, ReactNode } from "react";
import { classNames } from "./class-names.ts";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "primary" | "danger" | "quiet";
  readonly isSmall?: boolean;
  readonly icon?: ReactNode;
  /** What an icon without text does. */
  readonly label?: string;
}

export function Button({ look, isSmall = false, icon, label, children, className, ...rest }: ButtonProps) {
  const names = [look && `button--${look}`, isSmall && "button--small", children === undefined && "button--icon"];
  return (
    <button
      type="button"
      {...rest}
      {...(label === undefined ? {} : { "aria-label": label, title: label })}
      className={classNames("button", ...names, className)}
    >
      {icon}
      {children}
    </button>
  );
}
