# Just enough of the gem `servicestack` for generated sources.
require 'date'

module ServiceStack
  module DTO
    def self.included(base)
      base.extend(Reading)
    end

    def initialize(**values)
      values.each { |name, value| public_send("#{name}=", value) }
    end

    def to_hash
      self.class.all_properties.filter_map do |name, property|
        value = instance_variable_get("@#{name}")
        [property[:name], DTO.written(value)] unless value.nil?
      end.to_h
    end

    def self.written(value)
      case value
      when DTO then value.to_hash
      when DateTime then value.iso8601
      when Array then value.map { |entry| written(entry) }
      when Hash then value.to_h { |key, entry| [key.to_s, written(entry)] }
      else value
      end
    end

    def self.read(type, value)
      case type
      when Array then value.map { |entry| read(type.first, entry) }
      when Hash then value.transform_values { |entry| read(type.values.first, entry) }
      when nil then value
      else type == DateTime ? DateTime.parse(value) : type.from_hash(value)
      end
    end

    module Reading
      def properties
        {}
      end

      def all_properties
        ancestors.grep(Class).select { |type| type < DTO }.map(&:properties).reduce(:merge)
      end

      def from_hash(hash)
        all_properties.each_with_object(new) do |(name, property), object|
          value = hash[property[:name]]
          object.public_send("#{name}=", DTO.read(property[:type], value)) unless value.nil?
        end
      end
    end
  end

  class ResponseStatus
    include DTO
  end
end
